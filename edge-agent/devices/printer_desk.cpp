#include "edge-agent/devices/printer_desk.h"

#include "core/base/quantity.h"
#include "core/storage/projections/reference_data.h"
#include "edge-agent/devices/open_all.h"

#include <chrono>

namespace cairn::agent {
namespace {

constexpr Duration kAgain = std::chrono::seconds(1);

domain::PrintOutcome outcome_of(devices::PrintResult::Outcome outcome) {
  switch (outcome) {
    case devices::PrintResult::Outcome::kDone:
      return domain::PrintOutcome::kDone;
    case devices::PrintResult::Outcome::kFailed:
      return domain::PrintOutcome::kFailed;
    case devices::PrintResult::Outcome::kUnknown:
      break;
  }
  return domain::PrintOutcome::kUnknown;
}

}  // namespace

PrinterDesk::PrinterDesk(DeviceBoard& board, Env env, storage::Writer& writer,
                         storage::Replica& replica, Driver driver)
    : board_(&board),
      env_(env),
      writer_(&writer),
      replica_(&replica),
      printers_([this, driver = std::move(driver)](const devices::DeviceConfig& device) {
        return driver(device, *this, env_.clock);
      }) {}

Result<> PrinterDesk::open() {
  return open_all(*board_, "printer",
                  [this](const devices::DeviceConfig& device) { return claim(device); });
}

void PrinterDesk::close() {
  printers_.close();
  decltype(tests_) waiting;
  decltype(tested_) ended;
  const std::scoped_lock lock(mutex_);
  waiting.swap(tests_);
  ended.swap(tested_);
}

Result<> PrinterDesk::send(const std::string& printer, devices::PrintJob job) {
  Result<> taken =
      fail(ErrorCode::kNotFound, "no_printer", "there is no such printer; nothing was printed");
  const auto status = board_->find(printer);
  if (status && status->released) taken = fail(released_error(printer));
  printers_.use(printer, [this, &taken, &printer, &job](devices::Printer& one) {
    board_->on_label_begun(printer);
    taken = one.print(std::move(job));
    if (!taken) board_->on_label_refused(printer);
  });
  return taken;
}

void PrinterDesk::release(const std::string& printer) {
  drop_waiting(printer, "the printer was released before it; nothing was printed");
  printers_.release(printer);
}

void PrinterDesk::stop_printing(const std::string& why) {
  stopped_ = why;
  for (const DeviceBoard::Status& status : board_->statuses()) {
    drop_waiting(status.settings.device.name, why);
  }
}

void PrinterDesk::drop_waiting(const std::string& printer, const std::string& why) {
  {
    const std::scoped_lock lock(mutex_);
    const auto waiting = queue_.take(printer);
    if (waiting.empty()) return;
    for (const LabelOrder& order : waiting) {
      ended_.push_back({order.group, {order.start, domain::PrintOutcome::kFailed, why}});
    }
  }
  go_on_with(printer);
}

void PrinterDesk::print(const std::string& printer, const LabelOrder& order) {
  bool full = false;
  {
    const std::scoped_lock lock(mutex_);
    full = !queue_.add(printer, order);
    if (full) {
      ended_.push_back({order.group,
                        {order.start, domain::PrintOutcome::kFailed,
                         "too many labels wait for the printer; nothing was printed"}});
    }
  }
  if (!full) {
    give_next(printer);
    note_waiting(printer);
  }
  go_on();
}

bool PrinterDesk::is_busy(const std::string& printer) const {
  const std::scoped_lock lock(mutex_);
  return queue_.is_busy(printer);
}

void PrinterDesk::give_next(const std::string& printer) {
  if (stopped_) return drop_waiting(printer, *stopped_);
  while (const auto order = take_next(printer)) {
    if (order->noted) return hand_over_noted(printer, *order);
    if (hand_over(printer, *order)) return;
  }
}

std::optional<LabelOrder> PrinterDesk::take_next(const std::string& printer) {
  const std::scoped_lock lock(mutex_);
  auto order = queue_.next(printer);
  if (order) under_way_.emplace(order->start.text(), std::pair(order->group, order->start));
  return order;
}

bool PrinterDesk::hand_over(const std::string& printer, const LabelOrder& order) {
  const std::string job = order.start.text();
  if (stopped_) {
    note({printer, job, devices::PrintResult::Outcome::kFailed, *stopped_});
    record_ended();
    return false;
  }
  const devices::ParcelLabel label{order.site_name, order.order_reference,
                                   mass_text(order.weight_mg), order.sscc, order.tracking};
  const auto taken = send(printer, {job, label});
  if (taken) return true;
  note({printer, job, devices::PrintResult::Outcome::kFailed, taken.error().message});
  record_ended();
  return false;
}

void PrinterDesk::hand_over_noted(const std::string& printer, const LabelOrder& order) {
  writer_->submit<bool>(
      [start = order.start](storage::UnitOfWork& work) -> Result<bool> {
        end_waiting(work, start);
        return true;
      },
      [this, printer, order](const Result<bool>& done) {
        if (done) {
          if (!hand_over(printer, order)) give_next(printer);
          return;
        }
        env_.log.error("label_not_begun", {{"why", done.error().message}});
        {
          const std::scoped_lock lock(mutex_);
          under_way_.erase(order.start.text());
          queue_.give_back(printer);
          stalled_.insert(printer);
        }
        keep_watch();
      });
}

/// Labels that were started before anybody saw that they would have to wait.
void PrinterDesk::note_waiting(const std::string& printer) {
  std::vector<EventRef> starts;
  {
    const std::scoped_lock lock(mutex_);
    starts = queue_.to_note(printer);
  }
  if (starts.empty()) return;
  writer_->submit<bool>(
      [starts = std::move(starts)](storage::UnitOfWork& work) -> Result<bool> {
        agent::note_waiting(work, starts);
        return true;
      },
      [this](const Result<bool>& done) {
        // After a crash somebody has to look for them, which does no harm.
        if (!done) env_.log.warn("labels_not_noted", {{"why", done.error().message}});
      });
}

void PrinterDesk::pause(const std::string& printer, bool on) {
  {
    const std::scoped_lock lock(mutex_);
    queue_.pause(printer, on);
  }
  give_next(printer);
}

std::vector<LabelOrder> PrinterDesk::take(const std::string& printer,
                                          const std::optional<EventRef>& start,
                                          const std::vector<LabelOrder>& taken_before) {
  const std::scoped_lock lock(mutex_);
  queue_.put_back(printer, taken_before);
  return queue_.take(printer, start);
}

void PrinterDesk::put_back(const std::string& printer, const std::vector<LabelOrder>& orders) {
  {
    const std::scoped_lock lock(mutex_);
    queue_.put_back(printer, orders);
  }
  give_next(printer);
}

LabelQueue::Line PrinterDesk::line(const std::string& printer) const {
  const std::scoped_lock lock(mutex_);
  return queue_.line(printer);
}

void PrinterDesk::print_test(const std::string& printer, Tested done) {
  const SiteId& site = replica_->identity().site;
  const auto facility = storage::find_facility(replica_->connection(), site);
  const std::string job = "test-" + std::to_string(++last_test_);
  {
    const std::scoped_lock lock(mutex_);
    tests_.emplace(job, std::move(done));
  }
  const devices::ParcelLabel label{facility ? facility->name : site.text(), "TEST", mass_text(0),
                                   std::string(18, '0'), "TEST"};
  const auto taken = send(printer, {job, label});
  if (!taken) {
    end_test({printer, job, devices::PrintResult::Outcome::kFailed, taken.error().message});
    go_on_with(printer);
  }
  keep_watch();
}

bool PrinterDesk::end_test(const devices::PrintResult& result) {
  Result<std::string> how = "printed by " + result.device;
  if (result.outcome != devices::PrintResult::Outcome::kDone) {
    how = fail(ErrorCode::kUnavailable, "not_printed", result.device + ": " + result.detail);
  }
  const std::scoped_lock lock(mutex_);
  auto found = tests_.extract(result.job);
  if (found.empty()) return false;
  tested_.emplace_back(std::move(found.mapped()), std::move(how));
  return true;
}

void PrinterDesk::on_printed(devices::PrintResult result) {
  env_.log.info("label_printed", {{"printer", result.device},
                                  {"outcome", std::string(name_of(result.outcome))},
                                  {"detail", result.detail}});
  env_.metrics.count("labels_total", 1, "outcome=\"" + std::string(name_of(result.outcome)) + "\"");
  board_->on_label_ended(result);
  if (!end_test(result)) note(result);
  go_on_with(result.device);
}

void PrinterDesk::go_on_with(const std::string& printer) {
  {
    const std::scoped_lock lock(mutex_);
    stalled_.insert(printer);
  }
  // If the loop takes nothing now, the watch goes on within a second; if it takes nothing any more,
  // the next start says what is known.
  const auto posted = env_.executor.post([this] { go_on(); });
  if (!posted) env_.log.warn("label_outcome_late", {{"why", posted.error().message}});
}

void PrinterDesk::go_on() {
  tell_tests();
  record_ended();
  std::set<std::string> stalled;
  {
    const std::scoped_lock lock(mutex_);
    stalled.swap(stalled_);
  }
  for (const std::string& printer : stalled) give_next(printer);
  keep_watch();
}

void PrinterDesk::keep_watch() {
  if (watching_ || is_idle()) return;
  watching_ = true;
  env_.executor.after(kAgain, [this] {
    watching_ = false;
    go_on();
  });
}

bool PrinterDesk::is_idle() const {
  const std::scoped_lock lock(mutex_);
  return queue_.is_empty() && ended_.empty() && tests_.empty() && tested_.empty();
}

void PrinterDesk::tell_tests() {
  decltype(tested_) tested;
  {
    const std::scoped_lock lock(mutex_);
    tested.swap(tested_);
  }
  for (const auto& [done, how] : tested) done(how);
}

void PrinterDesk::note(const devices::PrintResult& result) {
  const std::scoped_lock lock(mutex_);
  const auto found = under_way_.extract(result.job);
  if (found.empty()) return;
  const auto& [group, start] = found.mapped();
  queue_.ended(result.device, start);
  ended_.push_back({group, {start, outcome_of(result.outcome), result.detail}});
}

void PrinterDesk::record_ended() {
  std::deque<Ended> ended;
  {
    const std::scoped_lock lock(mutex_);
    ended.swap(ended_);
  }
  for (const Ended& one : ended) {
    writer_->submit<bool>(
        [one](storage::UnitOfWork& work) -> Result<bool> {
          if (auto ok = end_label(work, one.group, one.how); !ok) return fail(ok.error());
          return true;
        },
        [this, one](const Result<bool>& done) {
          if (done) return;
          env_.log.error("label_outcome_not_saved", {{"why", done.error().message}});
          if (done.error().code != ErrorCode::kUnavailable) return;
          {
            const std::scoped_lock lock(mutex_);
            ended_.push_back(one);
          }
          keep_watch();
        });
  }
}

}  // namespace cairn::agent
