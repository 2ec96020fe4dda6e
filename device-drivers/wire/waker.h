#pragma once
// How a driver's thread sleeps: until its wire has something, a time has come, or somebody wakes
// it.

#include "core/base/time.h"
#include "device-drivers/wire/file_descriptor.h"

#include <optional>

namespace cairn::devices {

/// Wakes one thread out of wait_on(). wake(): any thread; the rest: that thread.
class Waker {
 public:
  Waker();

  void wake() const;
  /// Forgets the wake-ups so far.
  void clear() const;
  [[nodiscard]] int fd() const { return event_.get(); }

 private:
  FileDescriptor event_;  // an eventfd
};

struct Woken {
  bool by_waker = false;
  bool readable = false;
  bool writable = false;
  bool hung_up = false;
};

enum class Await : bool { kReadable, kWritable };

/// Until `wire` is what is awaited or hung up, `limit` is over, or the waker is woken. Who waits to
/// write is not woken by octets that nobody reads meanwhile.
Woken wait_on(int wire, Await await, const Waker& waker, std::optional<Duration> limit);
/// Until `limit` is over or the waker is woken.
Woken wait_for(const Waker& waker, std::optional<Duration> limit);

}  // namespace cairn::devices
