#include "core/domain/fulfilment/pick_scan.h"

#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <vector>

namespace cairn::domain::pick_scan_test {
namespace {

using namespace test;
using Meaning = PickScan::Meaning;

constexpr std::int64_t kKeyedAbove = 10'000;

ShipGroupLine with_gtins(ShipGroupLine line, std::vector<Gtin> gtins) {
  line.gtins = std::move(gtins);
  return line;
}

void check_scan(const Story& story, const Barcode& barcode, Meaning meaning, std::uint32_t line) {
  const PickScan scan = read_pick_scan(story.group(), barcode, kKeyedAbove);
  CHECK(scan.meaning == meaning);
  CHECK(scan.line == LineNo(line));
}

/// Lines 1 and 3 are the same article; line 2 has two numbers.
Story two_articles() {
  return Story().allocated({with_gtins(pieces(1, 1), {gtin("4006381333931")}),
                            with_gtins(pieces(2, 2), {gtin("96385074"), gtin("036000291452")}),
                            with_gtins(pieces(3, 2), {gtin("4006381333931")})});
}

TEST_CASE("pick scan: any of an article's numbers takes one unit of its line",
          "[domain][pick-scan]") {
  check_scan(two_articles(), {"E4", "96385074"}, Meaning::kTakeOne, 2);
  check_scan(two_articles(), {"", "036000291452"}, Meaning::kTakeOne, 2);
  check_scan(two_articles(), {"C1", "010003600029145217261124"}, Meaning::kTakeOne, 2);
}

TEST_CASE("pick scan: an article is found wherever its number stands in the code",
          "[domain][pick-scan]") {
  check_scan(two_articles(),
             {"d2",
              "10BATCH\x1D"
              "0100036000291452"},
             Meaning::kTakeOne, 2);
  check_scan(two_articles(), {"Q1", "https://id.gs1.org/01/00036000291452/10/A"}, Meaning::kTakeOne,
             2);
  check_scan(two_articles(), {"C1", "00106141412345678908"}, Meaning::kWrongItem, 0);
  const auto chewing_gum = Story().allocated({with_gtins(pieces(1, 1), {gtin("042100005264")})});
  check_scan(chewing_gum, {"E0", "04252614"}, Meaning::kTakeOne, 1);  // UPC-E
}

TEST_CASE("pick scan: with several lines of one article the first open one takes it",
          "[domain][pick-scan]") {
  const Barcode barcode{"E0", "4006381333931"};
  auto story = two_articles();
  check_scan(story, barcode, Meaning::kTakeOne, 1);
  story.picked(kNodeA, 1, 1000);
  check_scan(story, barcode, Meaning::kTakeOne, 3);
  story.picked(kNodeA, 3, 1000);
  check_scan(story, barcode, Meaning::kTakeOne, 3);
  story.picked(kNodeA, 3, 1000);
  check_scan(story, barcode, Meaning::kSurplus, 3);
  story.shipped(kNodeA, {{LineNo(1), 1000}, {LineNo(3), 2000}});
  check_scan(story, barcode, Meaning::kSurplus, 3);
}

TEST_CASE("pick scan: an article of another order is the wrong item", "[domain][pick-scan]") {
  check_scan(two_articles(), {"I1", "10614141000415"}, Meaning::kWrongItem, 0);
  check_scan(two_articles(), {"", "SKU-9"}, Meaning::kWrongItem, 0);
  check_scan(two_articles(), {"", ""}, Meaning::kWrongItem, 0);
  check_scan(Story(), {"E0", "4006381333931"}, Meaning::kWrongItem, 0);
}

TEST_CASE("pick scan: a label that carries the SKU itself counts", "[domain][pick-scan]") {
  check_scan(two_articles(), {"C0", "SKU-2"}, Meaning::kTakeOne, 2);
  check_scan(two_articles(), {"", "SKU-3"}, Meaning::kTakeOne, 3);
  check_scan(two_articles(), {"", "sku-2"}, Meaning::kWrongItem, 0);
  check_scan(two_articles(), {"", "SKU-2 "}, Meaning::kWrongItem, 0);
}

TEST_CASE("pick scan: a number with a wrong check digit is no article", "[domain][pick-scan]") {
  check_scan(two_articles(), {"", "4006381333932"}, Meaning::kWrongItem, 0);
}

TEST_CASE("pick scan: a line that orders more than the threshold is keyed", "[domain][pick-scan]") {
  const auto story = Story().allocated({pieces(1, 10), pieces(2, 11)}).picked(kNodeA, 2, 10'000);
  check_scan(story, {"", "SKU-1"}, Meaning::kTakeOne, 1);
  // It counts what was ordered, not what is left.
  check_scan(story, {"", "SKU-2"}, Meaning::kKeyQuantity, 2);
}

TEST_CASE("pick scan: what is weighed or measured is keyed, however little",
          "[domain][pick-scan]") {
  const auto story = Story().allocated({grams(1, 250)});
  check_scan(story, {"", "SKU-1"}, Meaning::kKeyQuantity, 1);
  const auto done = Story().allocated({grams(1, 250)}).picked(kNodeA, 1, 250);
  check_scan(done, {"", "SKU-1"}, Meaning::kSurplus, 1);
}

}  // namespace
}  // namespace cairn::domain::pick_scan_test
