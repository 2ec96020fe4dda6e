#pragma once
// A printer without its wire: what it makes of octets in its language, what a person does with it,
// and how it then is. Printers of every wire are one of these. Any thread.

#include "core/base/time.h"
#include "core/json/value.h"
#include "tools/cairn-sim/played.h"
#include "tools/cairn-sim/printer_speech.h"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace cairn::simulator {

class PrintEngine : public PlayedPrinter {
 public:
  void set_paper(bool in) final;
  void set_lid(bool open) final;
  void set_ribbon(bool in) final;
  void set_paused(bool on) final;
  Result<> set_fault(const PrinterFault& fault) final;
  [[nodiscard]] std::vector<PrinterMechanism::Label> labels() const final;
  [[nodiscard]] Result<std::string> label(std::uint64_t number) const final;

 protected:
  /// The clock must outlive it. `printer`: its name. print_time: for one label or receipt.
  PrintEngine(std::string printer, PrinterLanguage language, Duration print_time,
              const Clock& clock);

  /// Something was done to it: its thread has to look.
  virtual void changed() = 0;
  /// Errors: kInvalid "bad_fault" (its wire cannot do that).
  [[nodiscard]] virtual Result<> check(const PrinterFault&) const { return {}; }

  /// Octets have arrived. What it says to them, answer by answer; nothing if it is mute.
  std::vector<Bytes> hear(BytesView octets);
  /// Prints what is due by now, at its deadline.
  void advance();
  /// What it owed and says now that more is printed.
  std::vector<Bytes> owed();
  /// When the next label is printed; nothing: not before something happens.
  [[nodiscard]] std::optional<MonoTime> deadline() const;
  /// The program is gone, or starts again: half a label is none.
  void forget_half();
  void power_off();

  [[nodiscard]] PrinterFault fault() const;
  [[nodiscard]] PrinterMechanism::Obstacles obstacles() const;
  /// It takes no more octets for now.
  [[nodiscard]] bool is_full() const;
  [[nodiscard]] Counts count(bool connected) const;
  /// Sets what it has to say of itself: "paper", …, "labels".
  void tell(json::Value& into) const;

 private:
  void change(const std::function<void(PrinterMechanism::Obstacles&)>& how);
  /// With what is due by now printed.
  PrinterMechanism& up_to_date();
  [[nodiscard]] std::vector<Bytes> said(std::vector<Bytes> answers) const;

  const std::string printer_;
  const Clock& clock_;
  mutable std::mutex printing_;  // guards what follows
  PrinterMechanism mechanism_;
  const std::unique_ptr<PrinterSpeech> speech_;
  PrinterFault fault_;
};

}  // namespace cairn::simulator
