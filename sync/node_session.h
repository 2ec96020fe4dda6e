#pragma once
// A node's conversation with the hub: say HELLO until it is answered, then keep uplink and downlink
// going and say HELLO again from time to time, so that no lost doorbell matters. Pure: no I/O,
// clock or chance; the driver (sync/store/node_sync) does what the outputs say.

#include "core/base/time.h"
#include "core/wire/message.h"
#include "sync/downlink.h"
#include "sync/uplink.h"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::sync {

enum class LinkState : std::uint8_t {
  kDown,     ///< no connection to the broker
  kHello,    ///< connected; the hub has not answered yet
  kLive,     ///< in conversation
  kRefused,  ///< the hub does not take us; `detail` says why; asked again now and then
};

/// "down", "hello", "live", "refused".
std::string_view name_of(LinkState state);

struct SessionLimits {
  Duration hello_timeout = std::chrono::seconds(2);
  Duration hello_timeout_most = std::chrono::seconds(30);
  Duration hello_again = std::chrono::seconds(15);  ///< while live
  Duration refused_again = std::chrono::seconds(30);
};

class NodeSession {
 public:
  /// `first_correlation`: differs between sessions, so that no answer to an earlier one is taken
  /// for one to this.
  NodeSession(SessionLimits limits, Incarnation inc, Uplink uplink, Downlink downlink,
              std::uint64_t first_correlation = 1)
      : limits_(limits),
        inc_(inc),
        uplink_(std::move(uplink)),
        downlink_(std::move(downlink)),
        next_correlation_(first_correlation) {}

  void connected(MonoTime now);
  void disconnected();
  void hello_sent(std::uint64_t correlation, MonoTime now);
  /// `chain_agrees`: the own chain at reply.hwm is reply.h_hwm.
  void hello_answered(std::uint64_t correlation, const wire::HelloReply& reply, bool chain_agrees,
                      MonoTime now);
  void acked(const wire::Ack& ack, MonoTime now);
  void on_time(MonoTime now) { uplink_.on_time(now); }
  /// The hub's answer is here, but it has to be given something first: HELLO goes on being said,
  /// nothing else is.
  void hold_back();
  /// Something does not fit: compare with the hub now.
  void say_hello(MonoTime now);

  /// This is the correlation of the open HELLO.
  [[nodiscard]] bool awaits(std::uint64_t correlation) const {
    return state_ != LinkState::kDown && asked_ == correlation;
  }
  /// The correlation of a HELLO to be sent now.
  [[nodiscard]] std::optional<std::uint64_t> hello_wanted(MonoTime now) const;
  [[nodiscard]] std::optional<MonoTime> deadline() const;

  /// Own records up to here are also in a verified second copy of the hub's database; nothing until
  /// the hub has said so. It falls only if the hub becomes another generation.
  [[nodiscard]] std::optional<std::uint64_t> safe() const { return safe_; }

  [[nodiscard]] LinkState state() const { return state_; }
  [[nodiscard]] const std::string& detail() const { return detail_; }
  /// The generation of the hub that answered last; 0 before.
  [[nodiscard]] HubGeneration hub_gen() const { return hub_gen_; }
  [[nodiscard]] Uplink& uplink() { return uplink_; }
  [[nodiscard]] Downlink& downlink() { return downlink_; }
  [[nodiscard]] const Uplink& uplink() const { return uplink_; }
  [[nodiscard]] const Downlink& downlink() const { return downlink_; }

 private:
  void heard_safe(HubGeneration hub_gen, std::uint64_t safe, std::uint64_t hwm);

  SessionLimits limits_;
  Incarnation inc_;
  LinkState state_ = LinkState::kDown;
  std::string detail_;
  Uplink uplink_;
  Downlink downlink_;
  std::uint64_t next_correlation_;
  HubGeneration hub_gen_;               ///< in conversation with
  std::optional<std::uint64_t> asked_;  ///< correlation of the open HELLO
  std::optional<std::uint64_t> safe_;
  HubGeneration safe_gen_;
  unsigned attempt_ = 0;
  MonoTime hello_at_;  ///< when the next HELLO is due
};

}  // namespace cairn::sync
