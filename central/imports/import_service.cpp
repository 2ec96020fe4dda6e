#include "central/imports/import_service.h"

#include "core/crypto/token.h"

#include <algorithm>
#include <utility>

namespace cairn::central {
namespace {

constexpr std::size_t kSliceRows = 250;
constexpr std::size_t kRunsKept = 20;

RowResult take_row(storage::UnitOfWork& work, Importer& importer, const CsvRow& row) {
  if (!row.problem.empty()) return {RowOutcome::kRejected, "bad_row", "the row " + row.problem};
  return importer.take(work, row);
}

}  // namespace

std::string_view name_of(ImportStatus::State state) {
  switch (state) {
    case ImportStatus::State::kRunning:
      return "running";
    case ImportStatus::State::kDone:
      return "done";
    case ImportStatus::State::kFailed:
      return "failed";
  }
  return "";
}

Result<ImportStatus> ImportService::begin(ImportKind kind, std::string_view csv,
                                          const ImportOptions& options) {
  auto table = CsvTable::parse(csv);
  if (!table) return fail(table.error());
  auto run = std::make_shared<Run>();
  run->table = *std::move(table);
  auto importer = make_importer(kind, run->table, options);
  if (!importer) return fail(importer.error());
  run->importer = *std::move(importer);
  run->status.id = crypto::random_uuid();
  run->status.kind = kind;
  run->status.dry_run = options.dry_run;
  run->status.rows_total = static_cast<std::int64_t>(run->table.rows().size());
  {
    const std::scoped_lock lock(mutex_);
    const bool busy = std::ranges::any_of(runs_, [](const auto& other) {
      return other->status.state == ImportStatus::State::kRunning;
    });
    if (busy) {
      return fail(ErrorCode::kUnavailable, "import_running",
                  "another import is running; wait for its end and try again");
    }
    runs_.push_front(run);
    if (runs_.size() > kRunsKept) runs_.pop_back();
  }
  ImportStatus status = run->status;
  if (auto posted = env_.executor.post([this, run] { advance(run); }); !posted) {
    const std::scoped_lock lock(mutex_);
    run->status.state = ImportStatus::State::kFailed;
    return fail(posted.error());
  }
  return status;
}

void ImportService::advance(const std::shared_ptr<Run>& run) {
  writer_->submit<Slice>(
      [run](storage::UnitOfWork& work) -> Result<Slice> {
        Slice slice;
        const std::vector<CsvRow>& rows = run->table.rows();
        const std::size_t end = std::min(run->next + kSliceRows, rows.size());
        for (std::size_t i = run->next; i < end; ++i) {
          slice.results.emplace_back(rows[i].line, take_row(work, *run->importer, rows[i]));
        }
        return slice;
      },
      [this, run](const Result<Slice>& slice) {
        {
          const std::scoped_lock lock(mutex_);
          if (slice) {
            note(*run, *slice);
          } else {
            run->status.state = ImportStatus::State::kFailed;
            run->status.message = slice.error().message +
                                  "; the rows before are in, importing the file again is safe";
          }
        }
        on_progress_(run->status);
        if (run->status.state == ImportStatus::State::kRunning) advance(run);
      });
}

void ImportService::note(Run& run, const Slice& slice) {
  ImportStatus& status = run.status;
  for (const auto& [line, result] : slice.results) {
    const RowOutcome outcome = result.outcome;
    status.created += outcome == RowOutcome::kCreated || outcome == RowOutcome::kPartly ? 1 : 0;
    status.changed += outcome == RowOutcome::kChanged ? 1 : 0;
    status.unchanged += outcome == RowOutcome::kUnchanged ? 1 : 0;
    status.rejected += outcome == RowOutcome::kRejected ? 1 : 0;
    status.without_effect += outcome == RowOutcome::kWithoutEffect ? 1 : 0;
    if (!result.reason.empty()) {
      run.problems.push_back({line, outcome, result.reason, result.message});
    }
  }
  run.next += slice.results.size();
  status.rows_done = static_cast<std::int64_t>(run.next);
  if (run.next >= run.table.rows().size()) {
    status.state = ImportStatus::State::kDone;
    run.importer.reset();
    run.table = {};
  }
}

std::vector<ImportStatus> ImportService::list() const {
  const std::scoped_lock lock(mutex_);
  std::vector<ImportStatus> all;
  all.reserve(runs_.size());
  for (const auto& run : runs_) all.push_back(run->status);
  return all;
}

std::shared_ptr<ImportService::Run> ImportService::find_run(Uuid id) const {
  const auto found = std::ranges::find(runs_, id, [](const auto& run) { return run->status.id; });
  return found == runs_.end() ? nullptr : *found;
}

std::optional<ImportStatus> ImportService::find(Uuid id) const {
  const std::scoped_lock lock(mutex_);
  const auto run = find_run(id);
  return run ? std::optional(run->status) : std::nullopt;
}

std::optional<std::vector<RowProblem>> ImportService::problems(Uuid id, std::size_t after,
                                                               std::size_t limit) const {
  const std::scoped_lock lock(mutex_);
  const auto run = find_run(id);
  if (!run) return std::nullopt;
  const auto& all = run->problems;
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(std::min(after, all.size()));
  const auto end =
      begin + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(limit), all.end() - begin);
  return std::vector<RowProblem>(begin, end);
}

}  // namespace cairn::central
