#pragma once
// When a scale is asked, and what its answers and its silence mean; the same for every protocol.
// Pure: octets and times go in and out, so that it is tested without a wire.

#include "core/base/time.h"
#include "device-drivers/scales/scale_protocol.h"
#include "device-drivers/serial/serial_link.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

/// A weight counts as stable once it was said so many times in a row. One thread.
class EqualWeights {
 public:
  explicit EqualWeights(int needed) : needed_(needed) {}
  /// The reading, kUnstable instead as long as its weight is too new.
  WeightReading settle(WeightReading reading);
  void reset() { seen_ = 0; }

 private:
  const int needed_;
  int seen_ = 0;
  std::string shown_;
};

/// The link's thread, but for watch() and order(), which are for any.
class ScaleSession final : public SerialSession {
 public:
  struct Out {
    virtual ~Out() = default;
    virtual void on_reading(WeightReading reading) = 0;
    /// It answers.
    virtual void on_there() = 0;
    /// It does not, or only that it cannot weigh; why, in a sentence for a person.
    virtual void on_away(const std::string& why) = 0;
  };

  ScaleSession(std::unique_ptr<ScaleProtocol> protocol, Out& out);

  void watch(bool on) { watched_ = on; }
  /// To be carried out before the next question; one given before it takes its place. Errors:
  /// kRejected "no_such_order" (the protocol has not got it).
  Result<> order(ScaleOrder order);

  bool opened(MonoTime now) override;
  void received(std::string_view octets, MonoTime now) override;
  void quiet(MonoTime now) override;
  void lost(MonoTime now) override;
  [[nodiscard]] std::optional<MonoTime> deadline() const override;
  std::string to_send() override;

 private:
  static constexpr int kNoOrder = -1;

  void ask(MonoTime now);
  void obey(MonoTime now);
  void conclude(ScaleHeard heard, MonoTime now);
  void be_there();
  void be_away(const std::string& why);

  const std::unique_ptr<ScaleProtocol> protocol_;
  const ScaleProtocol::Pace pace_;
  Out& out_;
  std::atomic<bool> watched_ = false;
  std::atomic<int> order_ = kNoOrder;  // a ScaleOrder
  EqualWeights equal_;
  std::string sending_;
  bool there_ = false;    // the scale is there and well, not only the port
  bool waiting_ = false;  // for the answer
  int unanswered_ = 0;
  MonoTime asked_;
  MonoTime not_before_;  // the next question
};

}  // namespace cairn::devices
