#pragma once
// What all printer drivers are, whatever the language and the wire: a queue, a thread, and a
// connection for each task. Here is the rule that nothing is printed twice: a task fails as long as
// the printer has no octet of it, is done when the printer says so, else unknown, and is sent once.

#include "core/base/result.h"
#include "core/base/time.h"
#include "device-drivers/api/printer.h"
#include "device-drivers/wire/byte_connection.h"
#include "device-drivers/wire/job_thread.h"
#include "device-drivers/wire/printer_language.h"
#include "device-drivers/wire/state_news.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

struct PrintSpoolerConfig {
  std::string name;
  Duration connect_within = std::chrono::seconds(3);
  Duration take_within = std::chrono::seconds(10);  ///< the octets of a task
  Duration look_every = std::chrono::seconds(5);    ///< how it is, while nothing is printed
};

class PrintSpooler final : private JobThread<PrintTask>::Work, private PrinterSession::Watcher {
 public:
  /// Starts the thread. Language, sink and clock must outlive it.
  PrintSpooler(const PrintSpoolerConfig& config, std::unique_ptr<Connector> connector,
               PrinterLanguage& language, PrinterSink& sink, const Clock& clock);

  /// Puts a task in the queue; it ends once. Any thread. Errors: kUnavailable "printer_busy".
  Result<> add(PrintTask task);

 private:
  void work_on(const PrintTask& task) override;
  void look() override;
  bool has_changed() override;
  void give_back(const PrintTask& task) override;
  void on_condition(const std::optional<PrinterCondition>& said) override;

  PrintEnd print(const PrintTask& task);
  PrintEnd print_on(const PrinterSession& session, const PrintTask& task);
  Result<std::unique_ptr<ByteConnection>> connect();
  /// Leaves the connection to whoever else prints.
  void part(const PrinterSession& session);
  /// True: it says how it is. Errors: those of PrinterLanguage::ask(); kUnavailable
  /// "printer_trouble": it says, or its wire, what keeps it from printing. All are reported.
  Result<bool> ask(const PrinterSession& session);
  PrinterSession session(ByteConnection& connection);
  void report(DeviceState state, const std::string& detail);

  const PrintSpoolerConfig config_;
  PrinterLanguage& language_;
  PrinterSink& sink_;
  const Clock& clock_;
  const Waker news_;  // woken when there is a task, or the device comes or goes
  const std::unique_ptr<Connector> connector_;
  StateNews state_news_;
  JobThread<PrintTask> thread_;  // last: it uses everything above
};

}  // namespace cairn::devices
