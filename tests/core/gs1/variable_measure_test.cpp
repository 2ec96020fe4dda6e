#include "core/gs1/variable_measure.h"

#include "core/gs1/keys.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <string>

namespace cairn::gs1::variable_measure_test {
namespace {

std::string ean(std::string_view twelve) { return with_check_digit(Key::kGtin13, twelve).value(); }
std::string upc(std::string_view eleven) { return with_check_digit(Key::kGtin12, eleven).value(); }

std::string read(const MeasureScheme& scheme, std::string_view digits,
                 MeasureCarrier carrier = MeasureCarrier::kEan13) {
  const auto measure = read_measure(scheme, carrier, digits);
  if (!measure) {
    return fmt::format("{}@{}", name_of(measure.error().code), measure.error().position);
  }
  return fmt::format("{} {} {}/{} {}", name_of(measure->kind), measure->item, measure->value,
                     measure->decimals, measure->unit);
}

TEST_CASE("gs1: verifiers of price fields", "[gs1]") {
  CHECK(price_verifier("2875") == 9);   // GS1 General Specifications 7.9.3, the example
  CHECK(price_verifier("14685") == 6);  // 7.9.4
  CHECK(price_verifier("0000") == 0);
  CHECK(price_verifier("00000") == 0);
}

TEST_CASE("gs1: a Swedish number has a price or a weight", "[gs1]") {
  const auto se = national_scheme("se");
  CHECK(read(se, ean("201234561995")) == "price 123456 1995/2 SEK");
  CHECK(read(se, ean("211234561995")) == "price 123456 1995/1 SEK");
  CHECK(read(se, ean("221234561995")) == "price 123456 1995/0 SEK");
  CHECK(read(se, ean("231234561234")) == "weight 123456 1234/3 kg");
  CHECK(read(se, ean("241234561234")) == "weight 123456 1234/2 kg");
  CHECK(read(se, ean("251234560001")) == "weight 123456 1/1 kg");
  CHECK(read(se, ean("261234561234")) == "no_template@0");
  CHECK(read(se, ean("400638133393")) == "no_template@0");
}

TEST_CASE("gs1: a British number has a verifier", "[gs1]") {
  const auto uk = national_scheme("uk");
  CHECK(read(uk, ean("201234592875")) == "price 12345 2875/2 GBP");
  CHECK(read(uk, ean("281234592875")) == "price 12345 2875/2 GBP");
  CHECK(read(uk, ean("201234582875")) == "verifier@7");
  CHECK(read(uk, ean("221234592875")) == "no_template@0");
}

TEST_CASE("gs1: an American number is UPC-A, or EAN-13 with a zero", "[gs1]") {
  const auto us = national_scheme("us");
  CHECK(read(us, upc("21234592875"), MeasureCarrier::kUpcA) == "price 12345 2875/2 USD");
  CHECK(read(us, ean("021234592875")) == "price 12345 2875/2 USD");
  CHECK(read(us, upc("21234582875"), MeasureCarrier::kUpcA) == "verifier@6");
  CHECK(read(us, ean("212345928750")) == "no_template@0");
}

TEST_CASE("gs1: a site's own template", "[gs1]") {
  const auto own = MeasureTemplate::parse("23IIIIVPPPPPC", MeasureKind::kPrice, 2, "EUR").value();
  CHECK(read({own}, ean("231234614685")) == "price 1234 14685/2 EUR");
  CHECK(read({own}, ean("231234714685")) == "verifier@6");
  const auto plain = MeasureTemplate::parse("29IIIIIPPPPPC", MeasureKind::kWeight, 3, "kg").value();
  CHECK(read({own, plain}, ean("291234500750")) == "weight 12345 750/3 kg");
}

TEST_CASE("gs1: the number itself must be right", "[gs1]") {
  const auto se = national_scheme("se");
  CHECK(read(se, "2012345619950") == "check_digit@12");
  CHECK(read(se, "201234") == "length@6");
  CHECK(read(se, "20123456199x0") == "charset@11");
  CHECK(read(se, "2012345619950", MeasureCarrier::kUpcA) == "length@12");
  CHECK(national_scheme("xx").empty());
}

TEST_CASE("gs1: templates that mean nothing are refused", "[gs1]") {
  const auto refused = [](std::string_view pattern, int decimals = 2, std::string_view unit = "EUR",
                          MeasureKind kind = MeasureKind::kPrice) {
    const auto made = MeasureTemplate::parse(pattern, kind, decimals, unit);
    return !made && made.error().reason == "bad_measure_template";
  };
  for (const std::string_view pattern :
       {"", "23IIIIVPPPC", "23IIIIVPPPPPCC", "23IIIIVPPPPPP", "23IIIIIIIIIIC", "23PPPPPPPPPPC",
        "23IIVVPPPPPPC", "23IIIVPPPPPPC", "23IPIPIPIPIPC", "23iiiiVPPPPPC", "C3IIIIVPPPPPC"}) {
    INFO(pattern);
    CHECK(refused(pattern));
  }
  CHECK(refused("23IIIIVPPPPPC", 7));
  CHECK(refused("23IIIIVPPPPPC", -1));
  CHECK(refused("23IIIIVPPPPPC", 2, "kg"));
  CHECK(refused("23IIIIVPPPPPC", 2, "euro"));
  CHECK(refused("23IIIIVPPPPPC", 2, "EUR", MeasureKind::kWeight));
}

TEST_CASE("gs1: a weight is derived from a price", "[gs1]") {
  CHECK(weight_mg_of_price(1995, 3990) == 500'000);
  CHECK(weight_mg_of_price(1000, 3000) == 333'333);
  CHECK(weight_mg_of_price(2000, 3000) == 666'667);
  CHECK(weight_mg_of_price(0, 1) == 0);
  CHECK(weight_mg_of_price(1, 2'000'000) == 1);  // half a milligram, rounded up
}

}  // namespace
}  // namespace cairn::gs1::variable_measure_test
