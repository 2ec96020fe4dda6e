// API keys and approvals as they are kept.

#include "core/storage/approval_table.h"

#include "core/storage/api_key_table.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

namespace cairn::storage::approval_table_test {
namespace {

struct Book {
  test::Store store{test::hub_identity(test::node(77))};
  Connection& connection() { return store.connection(); }

  ApiKeyRow key(std::uint64_t number, const std::string& name) {
    ApiKeyRow row;
    row.id = test::user(number);
    row.name = name;
    row.scopes = {"orders.read", "stock.read"};
    row.made_by = test::user(1);
    row.made_by_name = "Ann";
    row.made_at = {static_cast<std::int64_t>(number)};
    return row;
  }
};

TEST_CASE("api keys: found by their secret only, which is kept nowhere", "[storage][api_keys]") {
  Book book;
  auto row = book.key(7, "shop");
  row.expires_at = UtcTime{100};
  REQUIRE(add_api_key(book.connection(), row, "cairn_one"));
  const auto found = api_key_of_secret(book.connection(), "cairn_one");
  REQUIRE(found);
  CHECK((found->id == row.id && found->name == "shop" && found->scopes == row.scopes));
  CHECK((found->good_at({99}) && !found->good_at({100})));
  CHECK_FALSE(api_key_of_secret(book.connection(), "cairn_two"));
  CHECK_FALSE(api_key_of_secret(book.connection(), ""));
}

TEST_CASE("api keys: a revoked one is good for nothing, and its name is free",
          "[storage][api_keys]") {
  Book book;
  REQUIRE(add_api_key(book.connection(), book.key(7, "shop"), "cairn_one"));
  CHECK_FALSE(add_api_key(book.connection(), book.key(8, "shop"), "cairn_two"));
  note_api_key_used(book.connection(), test::user(7), {50});
  revoke_api_key(book.connection(), test::user(7), {60});
  revoke_api_key(book.connection(), test::user(7), {70});
  const auto revoked = find_api_key(book.connection(), test::user(7));
  REQUIRE(revoked);
  CHECK(revoked->last_used_at == UtcTime{50});
  CHECK(revoked->revoked_at == UtcTime{60});
  CHECK_FALSE(revoked->good_at({61}));
  CHECK(add_api_key(book.connection(), book.key(8, "shop"), "cairn_two"));
  const auto all = api_keys(book.connection());
  REQUIRE(all.size() == 2);
  CHECK(all.front().id == test::user(8));
}

TEST_CASE("approvals: kept as they were asked for, listed by what they are now",
          "[storage][approvals]") {
  Book book;
  ApprovalRow row;
  row.id = ApprovalId(test::user(20).value());
  row.act = {ApprovalKind::kRefund,         test::user(30).value(), "", "", "broken",
             {900, *Currency::parse("GBP")}};
  row.asked_by = test::user(5);
  row.asked_by_name = "Cara";
  row.answerable = test::user(1);
  row.asked_at = {10};
  row.expires_at = {20};
  add_approval(book.connection(), row);
  auto found = find_approval(book.connection(), row.id);
  REQUIRE(found);
  CHECK((found->act.kind == ApprovalKind::kRefund && found->act.amount == row.act.amount));
  CHECK((found->act.reason == "broken" && found->answerable == row.answerable));
  CHECK(found->state_at({19}) == ApprovalState::kPending);
  CHECK(found->state_at({20}) == ApprovalState::kExpired);
  const auto listed = [&book](std::optional<ApprovalState> state, std::int64_t now) {
    return approvals(book.connection(), {state, {now}, INT64_MAX, 10}).size();
  };
  CHECK(listed(std::nullopt, 0) == 1);
  CHECK(listed(ApprovalState::kPending, 19) == 1);
  CHECK(listed(ApprovalState::kPending, 20) == 0);
  CHECK(listed(ApprovalState::kExpired, 20) == 1);
  found->state = ApprovalState::kDone;
  found->decided_by = test::user(2);
  found->decided_by_name = "Finn";
  found->decided_at = UtcTime{15};
  found->note = "seen";
  settle_approval(book.connection(), *found);
  CHECK(listed(ApprovalState::kDone, 99) == 1);
  CHECK(find_approval(book.connection(), row.id)->decided_by_name == "Finn");
  CHECK_FALSE(find_approval(book.connection(), ApprovalId{}));
}

TEST_CASE("approvals: words for states and kinds", "[storage][approvals]") {
  CHECK(parse_approval_state("REJECTED") == ApprovalState::kRejected);
  CHECK(parse_approval_state("pending").error().reason == "bad_approval_state");
  CHECK(name_of(ApprovalKind::kTopUp) == "TOP_UP");
}

}  // namespace
}  // namespace cairn::storage::approval_table_test
