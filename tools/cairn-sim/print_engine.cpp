#include "tools/cairn-sim/print_engine.h"

#include <utility>

namespace cairn::simulator {

PrintEngine::PrintEngine(std::string printer, PrinterLanguage language, Duration print_time,
                         const Clock& clock)
    : printer_(std::move(printer)),
      clock_(clock),
      mechanism_(print_time),
      speech_(make_printer_speech(language)) {}

void PrintEngine::set_paper(bool in) {
  change([in](auto& obstacles) { obstacles.paper_out = !in; });
}

void PrintEngine::set_lid(bool open) {
  change([open](auto& obstacles) { obstacles.lid_open = open; });
}

void PrintEngine::set_ribbon(bool in) {
  change([in](auto& obstacles) { obstacles.ribbon_out = !in; });
}

void PrintEngine::set_paused(bool on) {
  change([on](auto& obstacles) { obstacles.paused = on; });
}

void PrintEngine::change(const std::function<void(PrinterMechanism::Obstacles&)>& how) {
  {
    const std::scoped_lock lock(printing_);
    auto obstacles = mechanism_.obstacles();
    how(obstacles);
    mechanism_.set(obstacles, clock_.mono_now());
  }
  changed();
}

Result<> PrintEngine::set_fault(const PrinterFault& fault) {
  if (auto can = check(fault); !can) return can;
  {
    const std::scoped_lock lock(printing_);
    fault_ = fault;
  }
  changed();
  return {};
}

std::vector<PrinterMechanism::Label> PrintEngine::labels() const {
  const std::scoped_lock lock(printing_);
  const auto& labels = mechanism_.labels();
  return {labels.begin(), labels.end()};
}

Result<std::string> PrintEngine::label(std::uint64_t number) const {
  const std::scoped_lock lock(printing_);
  return find_label(mechanism_, number, printer_);
}

std::vector<Bytes> PrintEngine::hear(BytesView octets) {
  const std::scoped_lock lock(printing_);
  auto answers = speech_->hear(octets, up_to_date(), clock_.mono_now());
  for (Bytes& one : speech_->owed(up_to_date())) answers.push_back(std::move(one));
  return said(std::move(answers));
}

void PrintEngine::advance() {
  const std::scoped_lock lock(printing_);
  up_to_date();
}

std::vector<Bytes> PrintEngine::owed() {
  const std::scoped_lock lock(printing_);
  return said(speech_->owed(up_to_date()));
}

std::vector<Bytes> PrintEngine::said(std::vector<Bytes> answers) const {
  if (fault_.kind == PrinterFault::Kind::kMute) answers.clear();
  return answers;
}

std::optional<MonoTime> PrintEngine::deadline() const {
  const std::scoped_lock lock(printing_);
  return mechanism_.deadline();
}

void PrintEngine::forget_half() {
  const std::scoped_lock lock(printing_);
  speech_->reset();
}

void PrintEngine::power_off() {
  const std::scoped_lock lock(printing_);
  up_to_date().power_off();
  speech_->reset();
}

PrinterFault PrintEngine::fault() const {
  const std::scoped_lock lock(printing_);
  return fault_;
}

PrinterMechanism::Obstacles PrintEngine::obstacles() const {
  const std::scoped_lock lock(printing_);
  return mechanism_.obstacles();
}

bool PrintEngine::is_full() const {
  const std::scoped_lock lock(printing_);
  return mechanism_.is_full();
}

PlayedPrinter::Counts PrintEngine::count(bool connected) const {
  const std::scoped_lock lock(printing_);
  return {mechanism_.received(), mechanism_.printed(), mechanism_.waiting(), connected,
          speech_->impulses()};
}

void PrintEngine::tell(json::Value& into) const {
  const std::scoped_lock lock(printing_);
  const auto& obstacles = mechanism_.obstacles();
  auto numbers = json::Value::array();
  for (const auto& label : mechanism_.labels()) {
    auto one = json::Value::object();
    one.set("label", label.number).set("octets", label.zpl.size());
    numbers.add(std::move(one));
  }
  into.set("paper", obstacles.paper_out ? "out" : "in")
      .set("lid", obstacles.lid_open ? "open" : "closed")
      .set("ribbon", obstacles.ribbon_out ? "out" : "in")
      .set("paused", obstacles.paused)
      .set("fault", fault_.text())
      .set("received", mechanism_.received())
      .set("waiting", mechanism_.waiting())
      .set("printed", mechanism_.printed())
      .set("drawer", speech_->impulses())
      .set("labels", std::move(numbers));
}

PrinterMechanism& PrintEngine::up_to_date() {
  mechanism_.advance(clock_.mono_now());
  return mechanism_;
}

}  // namespace cairn::simulator
