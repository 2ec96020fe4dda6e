#include "edge-agent/devices/receipt_desk.h"

#include "core/storage/original_receipts.h"
#include "device-drivers/escpos/printer_model.h"
#include "edge-agent/devices/open_all.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace cairn::agent {
namespace {

constexpr std::size_t kJobsKept = 256;
constexpr Duration kGiveBackAgain = std::chrono::seconds(1);

std::string_view name_of(CounterJob::What what) {
  switch (what) {
    case CounterJob::What::kHandOver:
      return "HAND_OVER";
    case CounterJob::What::kReturn:
      return "RETURN";
    case CounterJob::What::kDrawer:
      return "DRAWER";
    case CounterJob::What::kTest:
      break;
  }
  return "TEST";
}

std::string_view name_of(CounterJob::State state) {
  switch (state) {
    case CounterJob::State::kPrinting:
      return "printing";
    case CounterJob::State::kDone:
      return "done";
    case CounterJob::State::kFailed:
      return "failed";
    case CounterJob::State::kUnknown:
      break;
  }
  return "unknown";
}

CounterJob::State state_of(devices::PrintResult::Outcome outcome) {
  switch (outcome) {
    case devices::PrintResult::Outcome::kDone:
      return CounterJob::State::kDone;
    case devices::PrintResult::Outcome::kFailed:
      return CounterJob::State::kFailed;
    case devices::PrintResult::Outcome::kUnknown:
      break;
  }
  return CounterJob::State::kUnknown;
}

}  // namespace

json::Value counter_job_json(const CounterJob& job) {
  return json::Value::object()
      .set("job", job.id)
      .set("printer", job.printer)
      .set("what", name_of(job.what))
      .set("copy", job.copy)
      .set("state", name_of(job.state))
      .set("detail", job.detail);
}

ReceiptDesk::ReceiptDesk(DeviceBoard& board, Env env, runtime::SseHub& stream,
                         storage::Writer& writer, Driver driver)
    : board_(&board),
      env_(env),
      stream_(&stream),
      writer_(&writer),
      printers_([this, driver = std::move(driver)](const devices::DeviceConfig& device) {
        return driver(device, *this, env_.clock);
      }) {}

Result<> ReceiptDesk::open() {
  return open_all(*board_, "receipt_printer",
                  [this](const devices::DeviceConfig& device) { return claim(device); });
}

void ReceiptDesk::stop() {
  printers_.close();
  save_given_back();
}

int ReceiptDesk::columns_of(const std::string& printer) const {
  constexpr int kNarrowPaperMm = 58;
  constexpr int kNarrowColumns = 32;
  const devices::DeviceConfig device = board_->status(printer).settings.device;
  if (device.paper_mm == kNarrowPaperMm) return kNarrowColumns;
  return devices::find_receipt_printer(device.model)->columns_80mm;
}

void ReceiptDesk::print(CounterJob job, const EventRef& act, devices::ReceiptPage page) {
  keep(job, act);
  give(job,
       [&](devices::ReceiptPrinter& printer) { return printer.print({job.id, std::move(page)}); });
  keep_watch();
}

void ReceiptDesk::print_test(CounterJob job) {
  keep(job, {});
  devices::ReceiptPage page;
  page.columns = columns_of(job.printer);
  page.pieces = {devices::ReceiptLine{"TEST", devices::ReceiptAlign::kCentre, true, 2},
                 devices::ReceiptLine{job.printer, devices::ReceiptAlign::kCentre},
                 devices::ReceiptCut{}};
  give(job,
       [&](devices::ReceiptPrinter& printer) { return printer.print({job.id, std::move(page)}); });
}

void ReceiptDesk::open_drawer(CounterJob job) {
  keep(job, {});
  give(job, [&](devices::ReceiptPrinter& printer) { return printer.open_drawer(job.id); });
}

void ReceiptDesk::give(const CounterJob& job,
                       const std::function<Result<>(devices::ReceiptPrinter&)>& what) {
  Result<> taken =
      fail(ErrorCode::kNotFound, "no_printer", "there is no such printer; nothing was done");
  const auto status = board_->find(job.printer);
  if (status && status->released) taken = fail(released_error(job.printer));
  printers_.use(job.printer, [&](devices::ReceiptPrinter& printer) { taken = what(printer); });
  if (!taken) end(job.id, devices::PrintResult::Outcome::kFailed, taken.error().message);
}

std::optional<CounterJob> ReceiptDesk::wait(const std::string& id,
                                            std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  ended_.wait_for(lock, within, [this, &id] {
    const auto found = jobs_.find(id);
    return found == jobs_.end() || found->second.job.state != CounterJob::State::kPrinting;
  });
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? std::nullopt : std::optional(found->second.job);
}

void ReceiptDesk::keep(const CounterJob& job, const EventRef& act) {
  const std::scoped_lock lock(mutex_);
  jobs_[job.id] = {job, act};
  ids_.push_back(job.id);
  if (ids_.size() <= kJobsKept) return;
  jobs_.erase(ids_.front());
  ids_.pop_front();
}

void ReceiptDesk::on_printed(devices::PrintResult result) {
  end(result.job, result.outcome, std::move(result.detail));
}

void ReceiptDesk::end(const std::string& job, devices::PrintResult::Outcome outcome,
                      std::string detail) {
  // Before anybody hears of the end: who prints again at once shall find it given back.
  if (outcome == devices::PrintResult::Outcome::kFailed) give_back_original(job);
  CounterJob ended;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = jobs_.find(job);
    if (found == jobs_.end()) return;
    Kept& kept = found->second;
    kept.job.state = state_of(outcome);
    kept.job.detail = std::move(detail);
    ended = kept.job;
  }
  ended_.notify_all();
  const std::string outcome_name(devices::name_of(outcome));
  env_.log.info("counter_job_ended", {{"job", ended.id},
                                      {"what", std::string(name_of(ended.what))},
                                      {"printer", ended.printer},
                                      {"outcome", outcome_name},
                                      {"detail", ended.detail}});
  env_.metrics.count("counter_jobs_total", 1,
                     fmt::format("what=\"{}\",outcome=\"{}\"", name_of(ended.what), outcome_name));
  stream_->publish("counter_job", counter_job_json(ended).dump());
}

void ReceiptDesk::give_back_original(const std::string& job) {
  EventRef act;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = jobs_.find(job);
    if (found == jobs_.end() || found->second.job.copy) return;
    act = found->second.act;
  }
  if (act == EventRef{}) return;  // no receipt of anything
  {
    const std::scoped_lock lock(mutex_);
    unprinted_.push_back(act);
  }
  // If the loop takes nothing now, the watch goes on within a second.
  const auto posted = env_.executor.post([this] { go_on(); });
  if (!posted) env_.log.warn("original_given_back_late", {{"why", posted.error().message}});
}

void ReceiptDesk::go_on() {
  save_given_back();
  keep_watch();
}

void ReceiptDesk::save_given_back() {
  std::vector<EventRef> acts;
  {
    const std::scoped_lock lock(mutex_);
    acts.swap(unprinted_);
  }
  if (acts.empty()) return;
  writer_->submit<bool>(
      [acts](storage::UnitOfWork& work) -> Result<bool> {
        for (const EventRef& act : acts) storage::give_back_original(work.connection(), act);
        return true;
      },
      [this, acts](const Result<bool>& done) {
        if (done) return;
        // If it never is, the next one is a copy, which is harmless.
        env_.log.error("original_not_given_back", {{"why", done.error().message}});
        if (done.error().code != ErrorCode::kUnavailable) return;
        {
          const std::scoped_lock lock(mutex_);
          unprinted_.insert(unprinted_.end(), acts.begin(), acts.end());
        }
        keep_watch();
      });
}

void ReceiptDesk::keep_watch() {
  if (watching_ || is_idle()) return;
  watching_ = true;
  env_.executor.after(kGiveBackAgain, [this] {
    watching_ = false;
    go_on();
  });
}

bool ReceiptDesk::is_idle() const {
  const std::scoped_lock lock(mutex_);
  return unprinted_.empty() && std::ranges::none_of(jobs_, [](const auto& entry) {
           const Kept& kept = entry.second;
           return kept.job.state == CounterJob::State::kPrinting && !kept.job.copy &&
                  kept.act != EventRef{};
         });
}

}  // namespace cairn::agent
