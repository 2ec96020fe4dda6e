#pragma once
// Driver of scales that speak the protocol of the Mettler Toledo 8217 (also: Ariva, Viva and many
// others as "8217 mode"): "W" asks, the answer is a stable weight or why there is none.

#include "device-drivers/api/scale.h"
#include "device-drivers/serial/serial_link.h"
#include "device-drivers/serial/toledo_answer.h"

#include <atomic>
#include <optional>
#include <string>

namespace cairn::devices {

/// When to ask, and what an answer means. Pure but for `watched`, which another thread may change.
class ToledoSession final : public SerialSession {
 public:
  struct Out {
    virtual ~Out() = default;
    virtual void on_reading(WeightReading reading) = 0;
    virtual void on_answers(bool answers) = 0;  ///< it does, or it does not any more
  };

  ToledoSession(WeightUnit unit, Out& out) : unit_(unit), out_(out) {}

  /// Any thread.
  void watch(bool on) { watched_ = on; }

  bool opened(MonoTime now) override;
  void received(std::string_view octets, MonoTime now) override;
  void quiet(MonoTime now) override;
  void lost(MonoTime now) override;
  [[nodiscard]] std::optional<MonoTime> deadline() const override;
  std::string to_send() override;

 private:
  void ask(MonoTime now);

  const WeightUnit unit_;
  Out& out_;
  std::atomic<bool> watched_ = false;
  ToledoFramer framer_;
  bool answers_ = false;  // the scale is there, not only the port
  bool sending_ = false;  // "W" is to be sent
  bool waiting_ = false;  // for the answer
  int unanswered_ = 0;
  MonoTime asked_;
};

struct ToledoScaleConfig {
  SerialLinkConfig link;
  WeightUnit unit = WeightUnit::kKilogram;
};

class ToledoScale final : public Scale, private ToledoSession::Out {
 public:
  /// Starts the thread. The sink and the clock must outlive the scale.
  ToledoScale(ToledoScaleConfig config, ScaleSink& sink, const Clock& clock);

  void watch(bool on) override;

 private:
  void on_reading(WeightReading reading) override;
  void on_answers(bool answers) override;

  const std::string name_;
  ScaleSink& sink_;
  ToledoSession session_;
  SerialLink link_;  // last: its thread uses everything above
};

}  // namespace cairn::devices
