#pragma once
// What came back of the group of story.h, event by event.

#include "core/domain/returns/return_ledger.h"
#include "tests/core/domain/support/story.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::domain::test {

inline ReturnedLine came_back(std::uint32_t line, std::int64_t milli, std::int64_t sold_milli,
                              ReturnCondition condition = ReturnCondition::kRestock) {
  return {LineNo(line),
          sku("SKU-" + std::to_string(line)),
          "Article " + std::to_string(line),
          {milli, Uom::kPiece},
          sold_milli,
          gbp(199),
          gbp(199 * milli / 1000),
          condition,
          location("A-01")};
}

class LedgerStory {
 public:
  LedgerStory& tell(NodeId by, ReturnEvent event) {
    const EventRef ref{by, Incarnation(1), ++last_seq_};
    events_.push_back({{ref, Hlc{last_seq_}, kPicker, site("store-1")}, std::move(event)});
    return *this;
  }
  LedgerStory& taken(NodeId by, std::vector<ReturnedLine> lines) {
    ReturnTaken taken;
    taken.group = kGroup;
    taken.order = kOrder;
    taken.order_reference = "WEB-1001";
    taken.lines = std::move(lines);
    return tell(by, std::move(taken));
  }

  [[nodiscard]] const std::vector<Recorded<ReturnEvent>>& events() const { return events_; }
  [[nodiscard]] EventRef last() const { return events_.back().meta.ref; }
  [[nodiscard]] ReturnLedger ledger() const {
    ReturnLedger ledger;
    for (const auto& recorded : events_) evolve(ledger, recorded);
    return ledger;
  }

 private:
  std::uint64_t last_seq_ = 0;
  std::vector<Recorded<ReturnEvent>> events_;
};

}  // namespace cairn::domain::test
