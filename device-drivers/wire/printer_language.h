#pragma once
// What differs between printers on the same wire: how they are asked how they are, and what tells
// that something is printed. PrintSpooler does the rest, and calls this on its thread.

#include "core/base/result.h"
#include "core/base/time.h"
#include "device-drivers/api/printer.h"
#include "device-drivers/wire/byte_connection.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

/// What a printer is given: octets in its language.
struct PrintTask {
  std::string id;
  Result<std::string> octets;  ///< or why there are none
  bool opens_drawer = false;   ///< and prints nothing
};

/// How a task ended, as in PrintResult.
struct PrintEnd {
  PrintResult::Outcome outcome = PrintResult::Outcome::kUnknown;
  std::string detail;
};

/// What a printer says of itself; each empty if there is nothing to say.
struct PrinterCondition {
  std::string fault;   ///< what keeps it from printing
  std::string remark;  ///< what is worth knowing though it prints
};

/// One connection in use.
struct PrinterSession {
  /// Who wants to know how the printer is.
  struct Watcher {
    virtual ~Watcher() = default;
    /// Nothing: it says nothing.
    virtual void on_condition(const std::optional<PrinterCondition>& said) = 0;
  };

  ByteConnection& connection;
  const Waker& stop;  ///< woken once, when the thread has to end
  const Clock& clock;
  Watcher& watcher;

  [[nodiscard]] MonoTime in(Duration duration) const { return clock.mono_now() + duration; }
  [[nodiscard]] bool is_over(MonoTime until) const { return clock.mono_now() >= until; }
  [[nodiscard]] bool is_stopping() const { return wait_for(stop, Duration::zero()).by_waker; }
  [[nodiscard]] ByteConnection::Sent send(std::string_view octets, Duration within) const {
    return connection.send(octets, in(within), stop, clock);
  }
};

class PrinterLanguage {
 public:
  virtual ~PrinterLanguage() = default;

  /// A connection was made. `one_line`: what was asked in the one before may be answered in this
  /// one.
  virtual void begin(bool /*one_line*/) {}
  /// It was switched off, or another one is there, or it could not be reached: what it was asked
  /// gets no answer any more.
  virtual void forget() {}
  /// Nothing: it says nothing. Errors: those of the connection, and nothing but questions was sent.
  virtual Result<std::optional<PrinterCondition>> ask(const PrinterSession&) {
    return std::optional<PrinterCondition>();
  }
  /// What is told of one that says nothing.
  [[nodiscard]] virtual std::string_view silence() const { return "it does not say how it is"; }
  /// It can print: time to hear late answers, so that none of them counts for what comes.
  virtual void settle(const PrinterSession&) {}
  /// Why the task must not be sent now; empty: it may.
  virtual std::string objection(const PrintTask&, MonoTime /*now*/) { return {}; }
  /// The printer has octets of the task, maybe all.
  virtual void taken(const PrintTask&, MonoTime /*now*/) {}
  /// All of it was sent: done, or unknown and why. `answers`: it said how it is before that.
  virtual PrintEnd confirm(const PrinterSession& session, bool answers) = 0;
};

}  // namespace cairn::devices
