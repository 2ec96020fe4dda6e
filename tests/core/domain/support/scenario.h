#pragma once
// given(what happened).when(a command).then(the events that follow), or .then_refused(...).

#include "core/domain/fulfilment/ship_group_decide.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::domain::test {

class Outcome {
 public:
  explicit Outcome(Result<std::vector<ShipGroupEvent>> got) : got_(std::move(got)) {}

  void then(const std::vector<ShipGroupEvent>& expected) const {
    INFO((got_ ? "accepted" : "refused: " + got_.error().reason));
    REQUIRE(got_);
    CHECK(*got_ == expected);
  }
  void then_nothing() const { then({}); }
  void then_refused(ErrorCode code, std::string_view reason) const {
    REQUIRE_FALSE(got_);
    CHECK(got_.error().code == code);
    CHECK(got_.error().reason == reason);
    CHECK_FALSE(got_.error().message.empty());
  }

 private:
  Result<std::vector<ShipGroupEvent>> got_;
};

class Given {
 public:
  explicit Given(ShipGroup group) : group_(std::move(group)) {}

  [[nodiscard]] Outcome when(const ShipGroupCommand& command, NodeId at = kNodeA) const {
    return Outcome(decide(group_, command, {at, kPicker}));
  }

 private:
  ShipGroup group_;
};

inline Given given(const Story& story) { return Given(story.group()); }

}  // namespace cairn::domain::test
