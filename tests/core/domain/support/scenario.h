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
  /// Refused with this sentence.
  void then_says(std::string_view message) const {
    REQUIRE_FALSE(got_);
    CHECK(got_.error().message == message);
  }

 private:
  Result<std::vector<ShipGroupEvent>> got_;
};

class Given {
 public:
  Given(ShipGroup group, UtcTime now) : group_(std::move(group)), now_(now) {}

  [[nodiscard]] Outcome when(const ShipGroupCommand& command, NodeId at = kNodeA,
                             UserId by = kPicker) const {
    return Outcome(decide(group_, command, {at, by, now_}));
  }
  /// The same question later.
  [[nodiscard]] Given after(Duration passed) const {
    return {group_, UtcTime{now_.us + passed.count()}};
  }

 private:
  ShipGroup group_;
  UtcTime now_;
};

inline Given given(const Story& story) { return {story.group(), story.now()}; }

}  // namespace cairn::domain::test
