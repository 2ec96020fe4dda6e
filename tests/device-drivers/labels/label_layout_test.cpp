#include "device-drivers/labels/label_layout.h"

#include "device-drivers/epl/epl_encoder.h"
#include "device-drivers/zpl/zpl_encoder.h"
#include "tests/support/catch.h"

#include <string>
#include <variant>
#include <vector>

namespace cairn::devices::label_layout_test {
namespace {

using Catch::Matchers::Contains;

ProductLabel yoghurt() { return {"Joghurt", "09521234567882", std::nullopt, "LOT-7", "261231"}; }

std::vector<LabelPage> all_labels() {
  const std::string long_text(120, 'W');
  const std::string long_code = "ABCDEFGHIJKLMNOPQRST";
  std::vector<LabelPage> pages;
  const auto add = [&pages](const Result<LabelPage>& page) {
    REQUIRE(page);
    pages.push_back(*page);
  };
  add(lay_out(ParcelLabel{long_text, long_text, long_text, "340123450000000018",
                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123"}));
  add(lay_out_shelf({long_code, long_text, long_text}));
  add(lay_out_bin({long_code, long_text, long_text}));
  add(lay_out(ToteLabel{long_code, long_text}));
  add(lay_out(PickupLabel{long_code, long_text, long_text, 99, 99}));
  add(lay_out(ReturnLabel{long_code, long_text, long_text, long_text}));
  add(lay_out(
      ProductLabel{long_text, "4006381333931", Money{199, *Currency::parse("EUR")}, "", ""}));
  add(lay_out(yoghurt()));
  return pages;
}

TEST_CASE("label: nothing is outside of the label", "[devices][label]") {
  for (const LabelPage& page : all_labels()) {
    for (const LabelPiece& piece : page.pieces) {
      if (const auto* text = std::get_if<LabelText>(&piece)) {
        CAPTURE(text->text);
        CHECK((text->x >= 0 && text->x + text->width <= page.width));
        CHECK((text->y >= 0 && text->y + text->height <= page.height));
      } else if (const auto* bars = std::get_if<LabelBars>(&piece)) {
        CAPTURE(bars->data);
        CHECK((bars->x >= 10 * bars->module && bars->module >= 1));
        CHECK(bars->y + bars->height <= page.height);
      } else if (const auto* matrix = std::get_if<LabelMatrix>(&piece)) {
        CHECK((matrix->x >= 0 && matrix->y >= 0 && matrix->x < page.width));
      }
    }
  }
}

TEST_CASE("label: what cannot be printed is refused with why", "[devices][label]") {
  const auto says = [](const Result<LabelPage>& page, const std::string& what) {
    REQUIRE_FALSE(page);
    CHECK(page.error().reason == "bad_label");
    CHECK_THAT(page.error().message, Contains(what));
  };
  says(lay_out_shelf({"A", "", ""}), "2 to 20");
  says(lay_out_shelf({"A B", "", ""}), "without blanks");
  says(lay_out_bin({"Ä1", "", ""}), "ASCII");
  says(lay_out_shelf({"A1", "\xff", ""}), "UTF-8");
  says(lay_out(ToteLabel{std::string(21, 'T'), ""}), "2 to 20");
  says(lay_out(PickupLabel{"WEB-1", "", "", 2, 1}), "1 to 99");
  says(lay_out(ReturnLabel{"R1", std::string(121, 'x'), "", ""}), "120 octets");
  says(lay_out(ProductLabel{"x", "4006381333930", std::nullopt, "", ""}), "check digit");
  says(lay_out(ProductLabel{"x", "4006381333931", std::nullopt, "A B", ""}), "a batch");
  says(lay_out(ProductLabel{"x", "4006381333931", std::nullopt, "", "261301"}), "YYMMDD");
}

TEST_CASE("label: in ZPL no code is a command", "[devices][label]") {
  const auto page = lay_out_shelf({"A>1~2^3_4", "^XZ~JR", ""});
  REQUIRE(page);
  const std::string zpl = zpl_of(*page);
  CHECK_THAT(zpl, Contains("^BCN,120,N,N,N^FH_^FDA>01>=2><3_5F4^FS"));
  CHECK_THAT(zpl, Contains("^FDMA,A>1_7E2_5E3_5F4^FS") && Contains("^FD_5EXZ_7EJR^FS"));
  LabelPage three = *page;
  three.copies = 3;
  CHECK_THAT(zpl_of(three), Contains("^PQ3,0,0,N"));
}

TEST_CASE("label: a batch and an expiry make a GS1 DataMatrix", "[devices][label]") {
  const auto page = lay_out(yoghurt());
  REQUIRE(page);
  CHECK_THAT(zpl_of(*page), Contains("^BXN,6,200,,,,_^FD_101095212345678821726123110LOT-7^FS"));
  const auto epl = epl_of(*page);
  REQUIRE_FALSE(epl);
  CHECK(epl.error().reason == "not_in_epl");
  CHECK_THAT(epl.error().message, Contains("nothing was made"));
}

TEST_CASE("label: an expiry is a day of the calendar", "[devices][label]") {
  for (const std::string wrong : {"260231", "261301", "2612", "26123x"}) {
    ProductLabel label = yoghurt();
    label.expiry = wrong;
    const auto page = lay_out(label);
    REQUIRE_FALSE(page);
    CHECK(page.error().reason == "bad_label");
  }
}

TEST_CASE("label: in EPL2 texts are quoted and fit", "[devices][label]") {
  const auto page = lay_out_shelf({"A-01",
                                   "Gr\xc3\xbc"
                                   "n \"2\\3\"\nP99",
                                   "注"});
  REQUIRE(page);
  const auto epl = epl_of(*page);
  REQUIRE(epl);
  CHECK(epl->starts_with("\nN\nI8,A,001\nq800\nQ400,24\n"));
  CHECK(epl->ends_with("\nP1\n"));
  CHECK_THAT(*epl, Contains("\"Gr\xfc"
                            "n \\\"2\\\\3\\\" P99\"") &&
                       Contains("\"?\"") && Contains(",1B,3,6,120,N,\"A-01\"\n") &&
                       Contains("b650,24,Q,m2,s6,eM,iA,\"A-01\"\n"));
  const auto parcel = epl_of(*lay_out(ParcelLabel{"a", "b", "c", "340123450000000018", "CRN1"}));
  REQUIRE(parcel);
  CHECK_THAT(*parcel, Contains(",1E,4,8,330,N,\"00340123450000000018\"\n"));
  for (const LabelPage& one : all_labels()) {
    const auto octets = epl_of(one);
    if (!octets) continue;
    for (const char c : *octets) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
  }
}

}  // namespace
}  // namespace cairn::devices::label_layout_test
