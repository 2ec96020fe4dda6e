#pragma once
// The receipt printers and the cash drawers on them: a receipt on its way, and how that ended, for
// whoever waits and for every screen. Nothing of it is in the log: a receipt is a copy of what is.

#include "core/base/env.h"
#include "core/json/value.h"
#include "core/runtime/sse_hub.h"
#include "core/storage/writer.h"
#include "device-drivers/api/receipt_printer.h"
#include "device-drivers/escpos/receipt.h"
#include "edge-agent/devices/device_board.h"
#include "edge-agent/devices/open_devices.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::agent {

struct CounterJob {
  enum class What : std::uint8_t { kHandOver, kReturn, kDrawer, kTest };
  enum class State : std::uint8_t { kPrinting, kDone, kFailed, kUnknown };
  std::string id;
  std::string printer;
  What what = What::kHandOver;
  bool copy = false;
  State state = State::kPrinting;
  std::string detail;  ///< a sentence for a person: why it is not done
};

/// Schema CounterJob of docs/api/agent.openapi.yaml.
json::Value counter_job_json(const CounterJob& job);

class ReceiptDesk final : public devices::PrinterSink {
 public:
  using Driver = std::function<Result<std::unique_ptr<devices::ReceiptPrinter>>(
      const devices::DeviceConfig&, devices::PrinterSink&, const Clock&)>;

  /// All references outlive the desk.
  ReceiptDesk(DeviceBoard& board, Env env, runtime::SseHub& stream, storage::Writer& writer,
              Driver driver = devices::open_receipt_printer);

  /// As those of ScannerDesk. What a printer has to print has ended when it is closed.
  Result<> open();
  Result<> claim(const devices::DeviceConfig& printer) { return printers_.claim(printer); }
  void release(const std::string& printer) { printers_.release(printer); }
  void close() { printers_.close(); }
  /// Closes them while it can still be saved of which receipts nothing was printed: as the last
  /// thing before the loop is stopped. Takes as long as a driver takes to end. Loop only.
  void stop();

  /// How many characters of font A the printer's paper has. Any thread.
  [[nodiscard]] int columns_of(const std::string& printer) const;

  /// Sends a receipt of what was done at `act`; nil: that is not known. However it goes, the job
  /// ends. One that is no copy was taken by storage::take_original(), and is given back if nothing
  /// of it was printed. Loop only.
  void print(CounterJob job, const EventRef& act, devices::ReceiptPage page);
  /// A receipt of nothing. Loop only.
  void print_test(CounterJob job);
  /// Gives the drawer on that printer its impulse. Loop only.
  void open_drawer(CounterJob job);

  /// The job once it has ended, or as it is at the end of the time. Nothing: it is not known any
  /// more. Any thread but the loop's.
  [[nodiscard]] std::optional<CounterJob> wait(const std::string& id,
                                               std::chrono::milliseconds within);

  // Driver threads.
  void on_printed(devices::PrintResult result) override;
  void on_state(devices::StateChange change) override { board_->on_state(change); }

 private:
  struct Kept {
    CounterJob job;
    EventRef act;
  };

  void keep(const CounterJob& job, const EventRef& act);
  /// Hands the job to its printer, or ends it as failed.
  void give(const CounterJob& job, const std::function<Result<>(devices::ReceiptPrinter&)>& what);
  void end(const std::string& job, devices::PrintResult::Outcome outcome, std::string detail);
  /// Remembers it, until it is saved. Any thread.
  void give_back_original(const std::string& job);
  /// Loop only, as what follows.
  void go_on();
  void save_given_back();
  /// Goes on every second as long as an original is on its way: what a full loop did not take, or a
  /// full disk, is not forgotten.
  void keep_watch();
  [[nodiscard]] bool is_idle() const;

  DeviceBoard* board_;
  Env env_;
  runtime::SseHub* stream_;
  storage::Writer* writer_;
  bool watching_ = false;     ///< loop only
  mutable std::mutex mutex_;  ///< guards what follows, but for printers_
  std::condition_variable ended_;
  std::map<std::string, Kept> jobs_;               ///< by id
  std::deque<std::string> ids_;                    ///< of jobs_, oldest first
  std::vector<EventRef> unprinted_;                ///< originals to be given back
  OpenDevices<devices::ReceiptPrinter> printers_;  ///< last: the drivers use all above
};

}  // namespace cairn::agent
