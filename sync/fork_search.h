#pragma once
// Where two copies of one author's log part: asks for chain hashes at a few places at once and
// narrows down. A chain hash seals everything before it, so the last place where they agree is the
// last common record. A million records take four questions. Pure.

#include "core/wire/message.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::sync {

class ForkSearch {
 public:
  /// Both copies go to `last` at least; nothing is known of whether they agree.
  ForkSearch(Incarnation inc, std::uint64_t last) : inc_(inc), last_(last), differs_(last + 1) {}

  /// Places to compare next, in order; none when the end is found.
  [[nodiscard]] std::vector<std::uint64_t> places() const;
  /// `agree[i]`: the copies agree at places()[i]. Others than these are ignored.
  void compared(const std::vector<bool>& agree);

  [[nodiscard]] bool done() const { return differs_ == common_ + 1; }
  /// The last record that both have, once done.
  [[nodiscard]] std::uint64_t common() const { return common_; }
  /// Once done: they part at or before `last`.
  [[nodiscard]] bool forked() const { return common_ < last_; }
  [[nodiscard]] Incarnation inc() const { return inc_; }

 private:
  Incarnation inc_;
  std::uint64_t last_;
  std::uint64_t common_ = 0;
  std::uint64_t differs_;  ///< first place where they are known, or for last + 1 taken, to differ
};

}  // namespace cairn::sync
