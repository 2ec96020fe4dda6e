#pragma once
// Asks a ZPL printer how it is, over one connection. Answers come in the order of the questions,
// but a printer may answer late, or, while it cannot print, not at all: so they are counted, and an
// answer is taken only if it cannot be one to a question from before the label was sent.

#include "device-drivers/wire/byte_connection.h"
#include "device-drivers/zpl/host_status.h"

#include <cstdint>
#include <optional>

namespace cairn::devices {

class StatusDialogue {
 public:
  /// Over one connection. `owed`: of earlier dialogues on the same line, see owed().
  explicit StatusDialogue(std::uint64_t owed = 0) : asked_(owed), old_(owed) {}

  /// The answer to this question, or to one since expect_news(); nothing: none came in time. Before
  /// expect_news() the last answer is to this question if no other follows in that time: the
  /// printer lost the others when it was switched off. Errors: those of ByteConnection::receive().
  Result<std::optional<HostStatus>> ask(ByteConnection& connection, MonoTime until,
                                        const Waker& waker, const Clock& clock);

  /// Questions without an answer so far: one may come when the next is asked.
  [[nodiscard]] std::uint64_t owed() const { return asked_ - answered_; }

  /// Something was sent that changes the printer: what it answers to questions asked before does
  /// not count any more.
  void expect_news() {
    old_ = asked_;
    sent_ = true;
  }

 private:
  HostStatusReader reader_;
  std::uint64_t asked_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t old_ = 0;  // questions whose answers do not count
  bool sent_ = false;      // what changes the printer
};

}  // namespace cairn::devices
