#include "device-drivers/zpl/parcel_label.h"

#include "device-drivers/zpl/label_text.h"
#include "tests/support/catch.h"

#include <functional>
#include <vector>

namespace cairn::devices::parcel_label_test {
namespace {

using Catch::Matchers::Contains;

ParcelLabel ordinary() {
  return {"Lager Nord", "ORD-17", "1.250 kg", "340123450000000018", "CRN0000000017"};
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

TEST_CASE("parcel label: has its texts, both codes and is printed once", "[devices][zpl]") {
  const auto zpl = zpl_of(ordinary());
  REQUIRE(zpl);
  CHECK(zpl->starts_with("^XA\n^CI28"));
  CHECK(zpl->ends_with("^PQ1,0,0,N\n^XZ\n"));
  CHECK_THAT(
      *zpl, Contains("^FDLager Nord^FS") && Contains("^FDORD-17^FS") && Contains("^FD1.250 kg^FS"));
  CHECK_THAT(*zpl, Contains("^FD>;>800340123450000000018^FS"));  // GS1-128, (00)
  CHECK_THAT(*zpl, Contains("^BCN,180,N,N,N^FDCRN0000000017^FS"));
  CHECK_THAT(*zpl, Contains("^FDMA,CRN0000000017^FS"));
}

TEST_CASE("parcel label: nothing in a text is a command", "[devices][zpl]") {
  ParcelLabel label = ordinary();
  const auto plain = zpl_of(label);
  REQUIRE(plain);
  label.sender = "^XZ^XA~JR";
  label.reference = "\\&_5EXZ";
  label.weight = "a\nb\tc\x7f";
  const auto zpl = zpl_of(label);
  REQUIRE(zpl);
  CHECK(count(*zpl, "^") == count(*plain, "^"));
  CHECK(count(*zpl, "~") == 0);
  CHECK_THAT(*zpl, Contains("^FD_5EXZ_5EXA_7EJR^FS") && Contains("^FD_5C&_5F5EXZ^FS") &&
                       Contains("^FDa b c ^FS"));
}

TEST_CASE("parcel label: letters of other scripts travel as octets", "[devices][zpl]") {
  ParcelLabel label = ordinary();
  label.sender = "M\u00fcller";
  const auto zpl = zpl_of(label);
  REQUIRE(zpl);
  CHECK_THAT(*zpl, Contains("^FDM_C3_BCller^FS"));
  CHECK(std::ranges::all_of(*zpl, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
}

TEST_CASE("parcel label: what is no label is refused", "[devices][zpl]") {
  const std::vector<std::pair<std::function<void(ParcelLabel&)>, std::string>> rows{
      {[](auto& label) { label.sscc = ""; }, "SSCC"},
      {[](auto& label) { label.sscc = "34012345000000001"; }, "SSCC"},
      {[](auto& label) { label.sscc = "34012345000000001X"; }, "SSCC"},
      {[](auto& label) { label.sscc = "3401234500000000^X"; }, "SSCC"},
      {[](auto& label) { label.tracking = ""; }, "tracking"},
      {[](auto& label) { label.tracking = "X"; }, "tracking"},
      {[](auto& label) { label.tracking = std::string(31, '1'); }, "tracking"},
      {[](auto& label) { label.tracking = "crn1"; }, "tracking"},
      {[](auto& label) { label.tracking = "CRN 1"; }, "tracking"},
      {[](auto& label) { label.tracking = "CRN>8"; }, "tracking"},
      {[](auto& label) { label.sender = std::string(121, 'x'); }, "texts"},
      {[](auto& label) { label.reference = "\xff"; }, "texts"},
      {[](auto& label) { label.weight = "\xc3"; }, "texts"},
  };
  for (const auto& [spoil, says] : rows) {
    ParcelLabel label = ordinary();
    spoil(label);
    const auto zpl = zpl_of(label);
    REQUIRE_FALSE(zpl);
    CHECK(zpl.error().reason == "bad_label");
    CHECK_THAT(zpl.error().message, Contains(says));
  }
}

TEST_CASE("parcel label: a text that is too long is smaller, then cut between two letters",
          "[devices][zpl]") {
  const auto large = fit("ORD-17", 540, {64, 26});
  CHECK(large.height == 64);
  CHECK(large.text == "ORD-17");
  const auto small = fit("ORD-2024-11-25-000017", 540, {64, 26});
  CHECK(small.height == 26);
  CHECK(small.text == "ORD-2024-11-25-000017");
  std::string umlauts;
  for (int i = 0; i < 60; ++i) umlauts += "\u00fc";
  const auto cut = fit(umlauts, 540, {64, 26});
  CHECK(cut.height == 26);
  CHECK(cut.text.ends_with("..."));
  CHECK(cut.text.size() < umlauts.size());
  CHECK((cut.text.size() - 3) % 2 == 0);
  CHECK(fit("", 540, {64}).text.empty());
  CHECK(fit("WWWWW", 1, {64}).text == "...");
}

}  // namespace
}  // namespace cairn::devices::parcel_label_test
