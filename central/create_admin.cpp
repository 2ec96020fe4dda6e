#include "central/hub.h"
#include "central/hub_core.h"
#include "central/registry/registry.h"
#include "core/crypto/pin.h"
#include "core/program/database.h"
#include "core/runtime/system_clock.h"
#include "core/runtime/system_random.h"
#include "core/storage/audit_trail.h"
#include "core/storage/data_dir.h"

namespace cairn::central {
namespace {

/// Runs what is posted at once: one command, nobody else.
class ImmediateExecutor final : public Executor {
 public:
  Result<void> post(Task task) override {
    tasks_.push_back(std::move(task));
    return {};
  }
  TimerId after(Duration, Task) override { return TimerId{0}; }
  void cancel(TimerId) override {}
  [[nodiscard]] bool in_loop() const override { return true; }

  void run() {
    while (!tasks_.empty()) {
      const Task task = std::move(tasks_.front());
      tasks_.erase(tasks_.begin());
      task();
    }
  }

 private:
  std::vector<Task> tasks_;
};

}  // namespace

Result<std::string> create_admin(const HubConfig& config, const std::string& name) {
  const auto directory = storage::DataDir::open(config.common.data_dir);
  if (!directory) return fail(directory.error());
  const runtime::SystemClock clock;
  runtime::SystemRandom random;
  NullLog log;
  Metrics metrics;
  ImmediateExecutor executor;
  const Env env{clock, random, executor, log, metrics};
  auto database =
      program::Database::open({directory->database(), storage::Connection::Durability::kFull,
                               hub_identity(config.common.node, random)},
                              env, [](const Error&) {});
  if (!database) return fail(database.error());

  std::string pin = crypto::make_pin(random);
  const auto hash = crypto::hash_pin(pin);
  if (!hash) return fail(hash.error());
  StaffChange admin;
  admin.member = {UserId(IdSource(clock, random).next()), name, domain::Role::kAdmin, *hash, true};
  Result<StaffChange> added = fail(ErrorCode::kInternal, "not_run", "the command did not run");
  (*database)->writer().submit<StaffChange>(
      [&admin, &random](storage::UnitOfWork& work) -> Result<StaffChange> {
        begin_generation(work.replica(), storage::Noticed::kNot, random);
        auto made = add_staff(work, admin, UserId{});
        if (!made) return fail(made.error());
        storage::append_audit(work.connection(), {work.now(), UserId{}, "cairn-hub", "staff.manage",
                                                  "", admin.member.user.value().text(), "created"});
        return made;
      },
      [&added](Result<StaffChange> done) { added = std::move(done); });
  executor.run();
  if (!added) return fail(added.error());
  return pin;
}

}  // namespace cairn::central
