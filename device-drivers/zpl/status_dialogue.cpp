#include "device-drivers/zpl/status_dialogue.h"

namespace cairn::devices {

Result<std::optional<HostStatus>> StatusDialogue::ask(ByteConnection& connection, MonoTime until,
                                                      const Waker& waker, const Clock& clock) {
  const auto sent = connection.send("~HS\r\n", until, waker, clock);
  if (!sent.all) return fail(ErrorCode::kUnavailable, "connection_closed", sent.problem);
  ++asked_;
  std::optional<HostStatus> last;
  while (true) {
    const auto octets = connection.receive(until, waker, clock);
    if (!octets) return fail(octets.error());
    if (octets->empty()) {
      if (!last || sent_) return std::optional<HostStatus>();
      answered_ = old_ = asked_;
      return last;
    }
    for (auto status = reader_.feed(*octets); status; status = reader_.feed({})) {
      if (answered_ < asked_) ++answered_;
      if (answered_ > old_) return status;
      last = status;
    }
  }
}

}  // namespace cairn::devices
