#pragma once
// Driver of scales in HID POS mode. They send what they weigh again and again by themselves; one
// that falls silent while it is watched is asked.

#include "device-drivers/api/scale.h"
#include "device-drivers/hid/hid_link.h"
#include "device-drivers/hid/scale_report.h"

#include <atomic>

namespace cairn::devices::hid {

/// What is reported of what the scale sends, and when it is asked. Pure but for `watched`, which
/// another thread may change.
class ScaleSession final : public HidSession {
 public:
  struct Out {
    virtual ~Out() = default;
    virtual void on_reading(WeightReading reading) = 0;
    /// Why the scale cannot weigh; empty: it can.
    virtual void on_problem(const std::string& problem) = 0;
  };

  explicit ScaleSession(Out& out) : out_(out) {}

  /// Any thread.
  void watch(bool on) { watched_ = on; }

  Result<> opened(const ReportDescriptor& descriptor, const usb::Identity& device,
                  MonoTime now) override;
  void received(BytesView report, MonoTime now) override;
  void damaged(MonoTime) override {}  // the next one is there at once
  void quiet(MonoTime now) override;
  void lost(MonoTime) override { last_.reset(); }
  [[nodiscard]] std::optional<MonoTime> deadline() const override;
  std::optional<std::uint8_t> to_ask() override;
  void cannot_be_asked() override;

 private:
  void tell(const ScaleAnswer& answer, MonoTime now);

  Out& out_;
  std::atomic<bool> watched_ = false;
  bool was_watched_ = false;
  std::optional<ScaleLayout> layout_;
  std::optional<WeightReading> last_;  // that was told since it is watched
  MonoTime told_;
  MonoTime ask_at_;  // unless something comes before
  bool asking_ = false;
  bool can_be_asked_ = true;
  bool silent_ = false;  // neither sends nor answers; that was told
};

class HidScale final : public Scale, private ScaleSession::Out {
 public:
  /// Starts the thread. The sink and the clock must outlive the scale.
  HidScale(HidLinkConfig config, ScaleSink& sink, const Clock& clock);

  void watch(bool on) override;
  Result<> order(ScaleOrder order) override;

 private:
  void on_reading(WeightReading reading) override;
  void on_problem(const std::string& problem) override;

  const std::string name_;
  ScaleSink& sink_;
  ScaleSession session_;
  HidLink link_;  // last: its thread uses everything above
};

}  // namespace cairn::devices::hid
