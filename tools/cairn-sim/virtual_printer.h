#pragma once
// A label or receipt printer that exists only as its network side: it listens, takes ZPL or
// ESC/POS, prints and answers questions about its status as a real one does, one connection at a
// time, and misbehaves when told to. Its own thread. Any thread.

#include "core/base/endpoint.h"
#include "core/base/time.h"
#include "tools/cairn-sim/escpos_intake.h"
#include "tools/cairn-sim/played.h"
#include "tools/cairn-sim/printer_fault.h"
#include "tools/cairn-sim/printer_mechanism.h"
#include "tools/cairn-sim/tcp_side.h"
#include "tools/cairn-sim/virtual_device.h"
#include "tools/cairn-sim/wake_event.h"
#include "tools/cairn-sim/zpl_intake.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cairn::simulator {

struct VirtualPrinterConfig {
  std::string name;
  Endpoint address;  ///< port 0: any free one, the same again after it was unplugged
  Duration print_time = std::chrono::milliseconds(300);
  enum class Language : std::uint8_t { kZpl, kEscPos };
  Language language = Language::kZpl;
};

class VirtualPrinter final : public VirtualDevice, public PlayedPrinter {
 public:
  /// The clock must outlive the printer.
  VirtualPrinter(VirtualPrinterConfig config, const Clock& clock);
  ~VirtualPrinter() override;

  /// Errors: kConflict "plugged", and those of TcpListener::open().
  Result<> plug() override;
  /// As if the power went: listener, connection and everything that was not printed are gone.
  Result<> unplug() override;
  void tell_place(json::Value& into) const override;
  void tell_state(json::Value& into) const override;

  /// Where it listens, or did before it was unplugged.
  [[nodiscard]] Endpoint address() const;

  void set_paper(bool in) override;
  void set_lid(bool open) override;
  void set_ribbon(bool in) override;
  void set_paused(bool on) override;
  Result<> set_fault(const PrinterFault& fault) override;

  [[nodiscard]] Counts counts() const override;
  /// True once `enough` holds; false if it does not within `limit`.
  bool wait(const std::function<bool(const Counts&)>& enough, std::chrono::milliseconds limit);
  [[nodiscard]] std::vector<PrinterMechanism::Label> labels() const override;
  [[nodiscard]] Result<std::string> label(std::uint64_t number) const override;

 private:
  void serve();
  void step();
  void accept();
  void take();
  void answer_status();
  void take_zpl(const std::string& octets);
  void take_escpos(const std::string& octets);
  void answer(std::string octets);
  /// GS r, once everything before it is printed.
  void answer_processed();
  void hang_up();
  void pull();
  void change(const std::function<void(PrinterMechanism::Obstacles&)>& how);
  [[nodiscard]] bool listens_to_connection() const;
  [[nodiscard]] Counts count() const;

  const VirtualPrinterConfig config_;
  const Clock& clock_;
  std::mutex plugging_;  // one plug() or unplug() at a time
  const WakeEvent wake_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex printing_;  // guards what follows
  Endpoint address_;
  std::optional<TcpListener> listener_;  // none: unplugged
  std::optional<TcpSide> connection_;
  ZplIntake intake_;
  EscPosIntake escpos_;
  bool processed_asked_ = false;
  std::uint64_t drawer_ = 0;
  PrinterMechanism mechanism_;
  PrinterFault fault_;
  std::condition_variable stepped_;
  std::thread thread_;
};

}  // namespace cairn::simulator
