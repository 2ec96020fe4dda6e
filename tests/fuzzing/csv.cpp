// Import files: every row is accounted for, a dry run says what would happen, and the same file
// again changes nothing.

#include "central/hub_core.h"
#include "central/imports/import_service.h"
#include "central/registry/registry.h"
#include "tests/core/program/support/desk.h"
#include "tests/fuzzing/target.h"
#include "tests/sync/support/fake_bus.h"

#include <memory>

namespace cairn::fuzz {
namespace {

using central::CsvRow;
using central::CsvTable;
using central::ImportKind;
using central::ImportStatus;

struct ImportDesk {
  storage::test::TestClock clock;
  storage::test::RecordingLog log;
  program::test::InlineExecutor executor;
  sim::SimRandom random{1};
  Metrics metrics;
  Env env{clock, random, executor, log, metrics};
  sync::test::FakeBus bus;
  std::unique_ptr<central::HubCore> core;

  ImportDesk() {
    auto opened = central::HubCore::open(
        {":memory:", storage::Connection::Durability::kSimulated, storage::test::node(77), {}}, env,
        bus, [](const Error&) {});
    hold(opened.has_value(), "the hub starts");
    core = *std::move(opened);
    const auto posted = executor.post([this] {
      core->writer().submit<domain::Facility>(
          [](storage::UnitOfWork& work) {
            return central::define_site(work,
                                        {storage::test::site("london"),
                                         "London",
                                         domain::FacilityKind::kWarehouse,
                                         {51'500'000, 0},
                                         true},
                                        {});
          },
          [](const Result<domain::Facility>& defined) {
            hold(defined.has_value(), "a site is defined");
          });
    });
    hold(posted.has_value(), "the loop turns");
  }

  std::uint64_t records() {
    auto& replica = core->replica();
    return replica.log().author(replica.identity().node, replica.identity().inc).head;
  }

  ImportStatus run(ImportKind kind, BytesView file, bool dry_run) {
    central::ImportService imports(env, core->writer(), [](const ImportStatus&) {});
    central::ImportOptions options;
    options.dry_run = dry_run;
    const auto begun = imports.begin(kind, file, options);
    hold(begun.has_value(), "a file that can be read is imported");
    const auto ended = imports.find(begun->id);
    hold(ended && ended->state == ImportStatus::State::kDone, "an import comes to its end");
    hold(ended->rows_done == ended->rows_total && ended->created + ended->changed +
                                                          ended->unchanged + ended->rejected +
                                                          ended->without_effect ==
                                                      ended->rows_total,
         "every row is accounted for");
    return *ended;
  }
};

void import_file(ImportDesk& desk, ImportKind kind, BytesView file) {
  const std::uint64_t before = desk.records();
  desk.run(kind, file, true);
  hold(desk.records() == before, "a dry run changes nothing");
  desk.run(kind, file, false);
  const ImportStatus again = desk.run(kind, file, false);
  hold(again.created == 0, "the same file again creates nothing");
}

}  // namespace

void csv(BytesView input) {
  const auto table = CsvTable::parse(input);
  if (!table) {
    hold(table.error().code == ErrorCode::kInvalid, "a bad file is invalid and nothing else");
    return;
  }
  std::int64_t line = 1;
  for (const CsvRow& row : table->rows()) {
    hold(row.line > line, "rows are in the file's order");
    line = row.line;
    hold(!row.problem.empty() || row.fields.size() == table->columns().size(),
         "a good row has as many fields as there are columns");
  }
  std::unique_ptr<ImportDesk> desk;
  for (const ImportKind kind : {ImportKind::kProducts, ImportKind::kStock, ImportKind::kOrders}) {
    if (!central::make_importer(kind, *table, {})) continue;
    if (desk == nullptr) desk = std::make_unique<ImportDesk>();
    import_file(*desk, kind, input);
  }
}

}  // namespace cairn::fuzz
