#pragma once
// Paho has no option for TCP_NODELAY. Without it every question to the hub waits twice for a
// delayed acknowledgement, 40 ms each: a device sends its PUBACK, then its question, which Nagle's
// algorithm holds back; and so does the hub with its answer.

#include <cstdint>

namespace cairn::sync {

/// From now on small packets leave at once on all connections of this process to that port.
/// Returns how many there are. Any thread.
int send_without_delay(std::uint16_t peer_port);

}  // namespace cairn::sync
