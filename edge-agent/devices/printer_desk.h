#pragma once
// The printers: a label on its way to one, and how that ended, back into the log. That a label only
// waits is in the database, and not any more before its driver gets it; for a label that need not
// wait this costs nothing, for others it is part of the commit that ends the label before it.

#include "core/base/env.h"
#include "core/storage/writer.h"
#include "device-drivers/api/printer.h"
#include "edge-agent/devices/device_board.h"
#include "edge-agent/devices/label_queue.h"
#include "edge-agent/devices/open_devices.h"
#include "edge-agent/workflows/labels.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace cairn::agent {

class PrinterDesk final : public devices::PrinterSink {
 public:
  using Driver = std::function<Result<std::unique_ptr<devices::Printer>>(
      const devices::DeviceConfig&, devices::PrinterSink&, const Clock&)>;

  /// All references outlive the desk.
  PrinterDesk(DeviceBoard& board, Env env, storage::Writer& writer, storage::Replica& replica,
              Driver driver = devices::open_printer);

  /// As those of ScannerDesk. Labels that a printer has to print have ended when it is closed.
  Result<> open();
  Result<> claim(const devices::DeviceConfig& printer) { return printers_.claim(printer); }
  /// What waits has failed then: nothing of it was printed.
  void release(const std::string& printer);
  /// After the loop has ended. Who waits for a test hears that nobody answers any more.
  void close();

  /// Puts a label that is committed as started in the printer's queue. How it ends is recorded,
  /// whatever happens. Loop only.
  void print(const std::string& printer, const LabelOrder& order);
  /// A label that is started now will have to wait. Any thread.
  [[nodiscard]] bool is_busy(const std::string& printer) const;

  /// A paused printer begins no label; what is under way ends. Until the next start of the service.
  /// Loop only.
  void pause(const std::string& printer, bool on);
  /// Takes labels that wait (all, or one) out of the queue; whoever does so says what becomes of
  /// them. `taken_before`: by an earlier run of the same job, as if they had never been taken. Loop
  /// only.
  std::vector<LabelOrder> take(const std::string& printer, const std::optional<EventRef>& start,
                               const std::vector<LabelOrder>& taken_before);
  void put_back(const std::string& printer, const std::vector<LabelOrder>& orders);
  /// From now on no printer begins a label: what waits, or comes, has failed, and why. Before the
  /// loop is stopped. Loop only.
  void stop_printing(const std::string& why);
  /// Any thread.
  [[nodiscard]] LabelQueue::Line line(const std::string& printer) const;

  /// Sends a label that is nobody's. `done` is told on the loop how it ended: the printer's name,
  /// or why not. Loop only.
  using Tested = std::function<void(const Result<std::string>&)>;
  void print_test(const std::string& printer, Tested done);

  // Driver threads.
  void on_printed(devices::PrintResult result) override;
  void on_state(devices::StateChange change) override { board_->on_state(change); }

 private:
  struct Ended {
    ShipGroupId group;
    domain::EndLabelPrint how;
  };

  /// Hands the printer what it shall print now, if there is anything. Loop only.
  void give_next(const std::string& printer);
  std::optional<LabelOrder> take_next(const std::string& printer);
  /// False: the printer did not take it, and that is how it ended.
  bool hand_over(const std::string& printer, const LabelOrder& order);
  /// The same once it is committed that the label waits no more; else it is the next one again.
  void hand_over_noted(const std::string& printer, const LabelOrder& order);
  void note_waiting(const std::string& printer);
  /// Errors: kUnavailable "device_released", "printer_busy"; kNotFound "no_printer".
  Result<> send(const std::string& printer, devices::PrintJob job);
  /// What waits has failed, and why.
  void drop_waiting(const std::string& printer, const std::string& why);
  /// False: the job is no test.
  bool end_test(const devices::PrintResult& result);
  void note(const devices::PrintResult& result);
  /// Tells and records what has ended, and goes on with the printer. Any thread.
  void go_on_with(const std::string& printer);
  /// Loop only, as what follows.
  void go_on();
  void tell_tests();
  void record_ended();
  /// Goes on every second as long as anything has not ended: what a full loop did not take, or a
  /// full disk, is not forgotten.
  void keep_watch();
  [[nodiscard]] bool is_idle() const;

  DeviceBoard* board_;
  Env env_;
  storage::Writer* writer_;
  storage::Replica* replica_;
  bool watching_ = false;               ///< loop only
  std::optional<std::string> stopped_;  ///< loop only: why no label begins any more
  mutable std::mutex mutex_;            ///< guards what follows, but for printers_
  LabelQueue queue_;
  std::map<std::string, std::pair<ShipGroupId, EventRef>> under_way_;  ///< by job
  std::deque<Ended> ended_;
  std::map<std::string, Tested> tests_;  ///< by job
  std::deque<std::pair<Tested, Result<std::string>>> tested_;
  std::set<std::string> stalled_;  ///< printers that have to go on
  std::uint64_t last_test_ = 0;
  OpenDevices<devices::Printer> printers_;  ///< last: the drivers use all above
};

}  // namespace cairn::agent
