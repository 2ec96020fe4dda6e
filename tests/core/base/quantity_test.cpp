#include "core/base/quantity.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::quantity_test {
namespace {

TEST_CASE("unit of measure: names are read back, others refused", "[base][quantity]") {
  const std::vector<std::pair<Uom, std::string_view>> names{
      {Uom::kPiece, "pc"}, {Uom::kKilogram, "kg"}, {Uom::kMetre, "m"}, {Uom::kLitre, "l"}};
  for (const auto& [uom, name] : names) {
    CHECK(name_of(uom) == name);
    CHECK(parse_uom(name) == uom);
  }
  for (const std::string text : {"", "PC", "pcs", "g", " kg", "kg ", "H87"}) {
    CAPTURE(text);
    const auto uom = parse_uom(text);
    REQUIRE_FALSE(uom);
    CHECK(uom.error().code == ErrorCode::kInvalid);
    CHECK(uom.error().reason == "bad_uom");
  }
}

TEST_CASE("quantity: thousandths of a unit", "[base][quantity]") {
  struct Row {
    std::string_view text;
    Uom uom;
    std::int64_t milli;
    std::string printed;
  };
  const std::vector<Row> rows{
      {"6", Uom::kPiece, 6000, "6"},
      {"6.000", Uom::kPiece, 6000, "6"},
      {"0", Uom::kPiece, 0, "0"},
      {"-2", Uom::kPiece, -2000, "-2"},
      {"0.25", Uom::kKilogram, 250, "0.25"},
      {"1.005", Uom::kLitre, 1005, "1.005"},
      {"-0.001", Uom::kMetre, -1, "-0.001"},
      {"1000000000", Uom::kMetre, kMaxMilli, "1000000000"},
      {"-999999999.999", Uom::kMetre, -kMaxMilli + 1, "-999999999.999"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto quantity = Quantity::parse(row.text, row.uom);
    REQUIRE(quantity);
    CHECK(*quantity == Quantity{row.milli, row.uom});
    CHECK(quantity->text() == row.printed);
    CHECK(milli_text(row.milli) == row.printed);
  }
  CHECK(Quantity::pieces(3) == Quantity{3000, Uom::kPiece});
}

TEST_CASE("quantity: parts of pieces, more than three decimals and malformed text are refused",
          "[base][quantity]") {
  struct Row {
    std::string_view text;
    Uom uom;
  };
  const std::vector<Row> rows{
      {"1.5", Uom::kPiece},        {"0.001", Uom::kPiece}, {"-0.5", Uom::kPiece},
      {"1.0005", Uom::kKilogram},  {"", Uom::kKilogram},   {"-", Uom::kKilogram},
      {".5", Uom::kKilogram},      {"1.", Uom::kKilogram}, {"1,5", Uom::kKilogram},
      {"1kg", Uom::kKilogram},     {"+1", Uom::kKilogram}, {"1000000000.001", Uom::kMetre},
      {"1000000001", Uom::kPiece},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto quantity = Quantity::parse(row.text, row.uom);
    REQUIRE_FALSE(quantity);
    CHECK(quantity.error().code == ErrorCode::kInvalid);
    CHECK(quantity.error().reason == "bad_number");
  }
}

TEST_CASE("mass: grams below a kilogram, kilograms from there on, with what is needed of decimals",
          "[base][quantity]") {
  CHECK(mass_text(0) == "0 g");
  CHECK(mass_text(120'000) == "120 g");
  CHECK(mass_text(7'500) == "7.5 g");
  CHECK(mass_text(1) == "0.001 g");
  CHECK(mass_text(999'999) == "999.999 g");
  CHECK(mass_text(1'000'000) == "1 kg");
  CHECK(mass_text(1'250'000) == "1.25 kg");
  CHECK(mass_text(15'000'001) == "15.000001 kg");
  CHECK(mass_text(-390'000) == "-390 g");
  CHECK(mass_text(-1'390'000) == "-1.39 kg");
}

}  // namespace
}  // namespace cairn::quantity_test
