#include "tools/bench/probes/machine.h"

#include <semaphore>

namespace cairn::bench {

void Machine::run() {
  thread_ = std::thread([this] { loop_.run(); });
}

void Machine::stop() {
  loop_.stop();
  if (thread_.joinable()) thread_.join();
}

void Machine::on_loop(const std::function<void()>& task) {
  std::binary_semaphore done(0);
  const auto posted = loop_.post([&] {
    task();
    done.release();
  });
  if (posted) done.acquire();
}

storage::Identity site_identity(NodeId node, const SiteId& site) {
  storage::Identity identity;
  identity.role = storage::Role::kSite;
  identity.node = node;
  identity.site = site;
  identity.inc = Incarnation(1);
  return identity;
}

storage::Identity hub_identity(NodeId node) {
  storage::Identity identity;
  identity.role = storage::Role::kHub;
  identity.node = node;
  identity.hub = node;
  identity.inc = Incarnation(1);
  return identity;
}

std::unique_ptr<program::Database> open_database(Machine& machine, const std::string& file,
                                                 const storage::Identity& identity) {
  return must(program::Database::open({file, storage::Connection::Durability::kFull, identity},
                                      machine.env(), [](const Error& error) {
                                        std::fputs((error.message + "\n").c_str(), stderr);
                                        std::exit(1);
                                      }));
}

void write(program::Database& database, const std::function<void(storage::Replica&)>& work) {
  storage::Replica& replica = database.replica();
  replica.connection().execute("BEGIN IMMEDIATE");
  work(replica);
  replica.finish_job();
  replica.connection().execute("COMMIT");
}

double us_of(const Clock& clock, const std::function<void()>& work) {
  const MonoTime begin = clock.mono_now();
  work();
  return static_cast<double>((clock.mono_now() - begin).count());
}

}  // namespace cairn::bench
