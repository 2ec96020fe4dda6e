#include "core/gs1/epcis.h"

#include "tests/support/catch.h"

namespace cairn::gs1::epcis_test {
namespace {

TEST_CASE("gs1: every step has words of the vocabulary", "[gs1]") {
  for (int i = 0; i <= static_cast<int>(Step::kCountFloor); ++i) {
    const EventWords words = words_for(static_cast<Step>(i));
    INFO(words.biz_step);
    CHECK((words.event == "ObjectEvent" || words.event == "AggregationEvent"));
    CHECK((words.action == "ADD" || words.action == "OBSERVE" || words.action == "DELETE"));
    CHECK(is_biz_step(words.biz_step));
    CHECK(is_disposition(words.disposition));
  }
}

TEST_CASE("gs1: what a step is called", "[gs1]") {
  CHECK(words_for(Step::kPack) == EventWords{"AggregationEvent", "ADD", "packing", "in_progress"});
  CHECK(words_for(Step::kShip) == EventWords{"ObjectEvent", "OBSERVE", "shipping", "in_transit"});
  CHECK(words_for(Step::kDestroy) ==
        EventWords{"ObjectEvent", "DELETE", "destroying", "destroyed"});
}

TEST_CASE("gs1: words that the schema refuses", "[gs1]") {
  CHECK_FALSE(is_biz_step("urn:epcglobal:cbv:bizstep:shipping"));
  CHECK_FALSE(is_disposition("picked"));
  CHECK_FALSE(is_biz_step(""));
  CHECK(is_business_transaction_type("desadv"));
  CHECK_FALSE(is_business_transaction_type("order"));
}

}  // namespace
}  // namespace cairn::gs1::epcis_test
