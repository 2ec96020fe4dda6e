#pragma once
// A connection to a printer, whatever the wire: octets go out and come back. Every call has a
// deadline and ends early when the thread is woken to stop. One thread.

#include "core/base/result.h"
#include "core/base/time.h"
#include "device-drivers/wire/waker.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace cairn::devices {

class ByteConnection {
 public:
  ByteConnection() = default;
  ByteConnection(const ByteConnection&) = delete;
  ByteConnection& operator=(const ByteConnection&) = delete;
  virtual ~ByteConnection() = default;

  struct Sent {
    std::size_t octets = 0;  ///< that were taken, by the kernel or the device
    bool all = false;
    std::string problem;    ///< why not all
    bool in_doubt = false;  ///< more may have been taken than `octets`

    [[nodiscard]] bool none() const { return octets == 0 && !in_doubt; }
    /// "the printer took 5 of 80 octets: …", for a person.
    [[nodiscard]] std::string part_of(std::size_t size) const;
  };
  /// Sends as much as it can until then.
  virtual Sent send(std::string_view octets, MonoTime until, const Waker& waker,
                    const Clock& clock) = 0;

  /// What has arrived; waits for the first octet. Empty: nothing came in time.
  /// Errors: kUnavailable "connection_closed", "stopped".
  virtual Result<std::string> receive(MonoTime until, const Waker& waker, const Clock& clock) = 0;

  /// What keeps the device from working, as far as its wire knows beside the octets; empty:
  /// nothing, or the wire knows nothing. Waits for a second at most.
  virtual std::string trouble(const Waker&, const Clock&) { return {}; }

  /// Says that nothing more comes, so that the device may serve somebody else.
  virtual void finish(MonoTime until, const Waker& waker, const Clock& clock) = 0;

 protected:
  ByteConnection(ByteConnection&&) = default;
  ByteConnection& operator=(ByteConnection&&) = default;
};

/// Makes connections to one device.
class Connector {
 public:
  virtual ~Connector() = default;

  /// The driver's thread, one connection at a time. Errors: kUnavailable "no_connection" or what
  /// its wire has instead, "stopped".
  virtual Result<std::unique_ptr<ByteConnection>> connect(MonoTime until, const Waker& waker,
                                                          const Clock& clock) = 0;

  /// What the device says late in one connection may come in the next: the wire has none of its
  /// own.
  [[nodiscard]] virtual bool is_one_line() const { return false; }

  /// To be woken when the device comes or goes, where the wire tells. Before the first connect();
  /// the waker must outlive the connector.
  virtual void watch(const Waker&) {}
  /// It has come or gone since the last call.
  virtual bool has_changed() { return false; }
};

/// The connector, which wakes `news` from now on.
std::unique_ptr<Connector> watched(std::unique_ptr<Connector> connector, const Waker& news);

}  // namespace cairn::devices
