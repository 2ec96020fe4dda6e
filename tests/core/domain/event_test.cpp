#include "core/domain/event.h"

#include "tests/support/catch.h"

namespace cairn::domain::event_test {
namespace {

TEST_CASE("event: its type is the number of the struct inside", "[domain][event]") {
  CHECK(type_of(ReferenceEvent(ProductDefined{})) == 10);
  CHECK(type_of(ReferenceEvent(NodeRegistered{})) == 40);
  CHECK(type_of(StockEvent(StockCounted{})) == 51);
  CHECK(type_of(OrderEvent(OrderPlaced{})) == 100);
  CHECK(type_of(ShipGroupEvent(ShipGroupShipped{})) == 204);
  CHECK(type_of(ReturnEvent(ReturnTaken{})) == 300);
}

}  // namespace
}  // namespace cairn::domain::event_test
