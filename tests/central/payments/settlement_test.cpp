#include "central/payments/settlement.h"

#include "central/payments/payment_book.h"
#include "tests/central/support/order_hub.h"

#include <fmt/format.h>

#include <string>

namespace cairn::central::settlement_test {
namespace {

using namespace test;
using domain::PaymentOutcome;

Money gbp(std::int64_t minor) { return {minor, Currency::parse("GBP").value()}; }

/// A card payment of 100.00: 60.00 taken as c-1, 40.00 as c-2, 25.00 given back as r-1.
struct Hub : OrderHub {
  Hub() {
    const OrderId order = place("1001", {{1, "A1", 2}});
    done([&](UnitOfWork& work) {
      return open_payment(work, {id, order, domain::Tender::kCard, gbp(10'000), "tok", false},
                          user(3));
    });
    hear("auth-1");
    moves(domain::CapturePayment{gbp(6'000), {}, false}, "c-1");
    moves(domain::CapturePayment{gbp(4'000), {}, false}, "c-2");
    moves(domain::RefundPayment{gbp(2'500), "came back"}, "r-1");
  }
  template <class Job>
  void done(const Job& work) {
    clock.advance(std::chrono::seconds(1));
    REQUIRE(job(work));
  }
  void hear(const std::string& reference) {
    done([&](UnitOfWork& work) {
      return answer_payment(work, id, {++no, PaymentOutcome::kDone, reference, "", {}});
    });
  }
  void moves(const domain::PaymentCommand& command, const std::string& reference) {
    done([&](UnitOfWork& work) { return ask_payment(work, id, command, user(3)); });
    hear(reference);
  }
  SettlementReport report(const std::string& lines) {
    const auto made =
        reconcile(connection(), "type,reference,key,amount_minor,currency,settled_at\n" + lines,
                  {UtcTime{0}, clock.now});
    REQUIRE(made);
    return *made;
  }
  std::string line(const char* type, const char* reference, std::int64_t minor,
                   const char* currency = "GBP") const {
    return fmt::format("{},{},k,{},{},{}\n", type, reference, minor, currency, clock.now.text());
  }
  std::string all() const {
    return line("CAPTURE", "c-1", 6'000) + line("CAPTURE", "c-2", 4'000) +
           line("REFUND", "r-1", 2'500);
  }

  const PaymentId id{group_id(900).value()};
  std::uint32_t no = 0;
};

/// "line VERDICT reference; ..."
std::string differences(const SettlementReport& report) {
  std::string text;
  for (const SettlementDifference& each : report.differences) {
    text += fmt::format("{} {} {}; ", each.line, name_of(each.verdict), each.reference);
  }
  return text;
}

TEST_CASE("settlement: a file that says what the hub knows matches, to the cent",
          "[central][payment]") {
  Hub hub;
  const SettlementReport report = hub.report(hub.all());
  CHECK(report.lines == 3);
  CHECK(report.matched == 3);
  CHECK(differences(report).empty());
  CHECK(report.sums.at(gbp(0).currency).file_minor == 7'500);
  CHECK(report.sums.at(gbp(0).currency).matched_minor == 7'500);
}

TEST_CASE(
    "settlement: wrong amounts, directions and currencies, what nobody knows, what is there "
    "twice and what is missing",
    "[central][payment]") {
  Hub hub;
  CHECK(differences(hub.report(hub.line("CAPTURE", "c-1", 6'001) +
                               hub.line("CAPTURE", "c-2", 4'000, "EUR") +
                               hub.line("CAPTURE", "r-1", 2'500))) ==
        "2 WRONG_AMOUNT c-1; 3 WRONG_AMOUNT c-2; 4 WRONG_AMOUNT r-1; ");
  CHECK(differences(hub.report(hub.all() + hub.line("CAPTURE", "c-9", 1) +
                               hub.line("REFUND", "r-1", 2'500) +
                               hub.line("CAPTURE", "auth-1", 10'000))) ==
        "5 UNKNOWN c-9; 6 TWICE r-1; 7 UNKNOWN auth-1; ");
  CHECK(differences(hub.report(hub.line("CAPTURE", "c-2", 4'000))) ==
        "0 MISSING c-1; 0 MISSING r-1; ");
  const auto report = hub.report("");
  CHECK(differences(report) == "0 MISSING c-1; 0 MISSING c-2; 0 MISSING r-1; ");
  CHECK(report.differences.front().ours->payment == hub.id);
  CHECK(report.differences.front().ours->amount == gbp(6'000));
}

TEST_CASE("settlement: only what the hub heard of in the file's time is missing",
          "[central][payment]") {
  Hub hub;
  const std::string file = "type,reference,amount_minor,currency,settled_at\n";
  const auto made = reconcile(hub.connection(), file, {});
  REQUIRE(made);
  CHECK(made->differences.empty());
  const auto early = reconcile(hub.connection(), file, {UtcTime{0}, UtcTime{1}});
  CHECK(early->differences.empty());
}

TEST_CASE("settlement: lines that cannot be read are told, the others count",
          "[central][payment]") {
  Hub hub;
  const SettlementReport report =
      hub.report(hub.line("SALE", "c-1", 6'000) + hub.line("CAPTURE", "c-1", 0) +
                 hub.line("CAPTURE", "c-1", 1, "pounds") + hub.line("CAPTURE", "", 1) +
                 "CAPTURE,c-1,k,1,GBP,yesterday\nCAPTURE\n" + hub.all());
  CHECK(report.matched == 3);
  REQUIRE(report.differences.size() == 6);
  for (const SettlementDifference& each : report.differences) {
    CHECK(each.verdict == SettlementVerdict::kUnreadable);
    CHECK_FALSE(each.problem.empty());
  }
}

TEST_CASE("settlement: a file without its columns is refused, a long list is cut",
          "[central][payment]") {
  Hub hub;
  for (const char* const bad : {"", "type,reference\nCAPTURE,c-1\n"}) {
    const auto made = reconcile(hub.connection(), bad, {});
    REQUIRE_FALSE(made);
    CHECK(made.error().reason == "bad_csv");
  }
  std::string many;
  for (int each = 0; each < 1'200; ++each) many += hub.line("CAPTURE", "nobody's", 1);
  const SettlementReport report = hub.report(many);
  CHECK(report.lines == 1'200);
  CHECK(report.differences.size() == 1'000);
  CHECK(report.more);
}

}  // namespace
}  // namespace cairn::central::settlement_test
