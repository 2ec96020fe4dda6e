#include "device-drivers/zpl/status_dialogue.h"

namespace cairn::devices {

Result<std::optional<HostStatus>> StatusDialogue::ask(MonoTime until, const Waker& waker,
                                                      const Clock& clock) {
  const auto sent = connection_->send("~HS\r\n", until, waker, clock);
  if (!sent.all) return fail(ErrorCode::kUnavailable, "connection_closed", sent.problem);
  ++asked_;
  while (true) {
    const auto octets = connection_->receive(until, waker, clock);
    if (!octets) return fail(octets.error());
    if (octets->empty()) return std::optional<HostStatus>();
    for (auto status = reader_.feed(*octets); status; status = reader_.feed({})) {
      if (++answered_ > old_) return status;
    }
  }
}

}  // namespace cairn::devices
