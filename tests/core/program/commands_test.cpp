#include "core/program/commands.h"

#include "tests/core/program/support/desk.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::program::commands_test {
namespace {

struct Bench : test::Desk {
  Commands commands{executor, writer};
  runtime::HttpRequest request;
  runtime::Principal principal;
  int committed = 0;
  int not_committed = 0;

  Result<runtime::HttpResponse> run(const Commands::Job& job) {
    return commands.run(
        request, principal, job, [this](const Answer&) { ++committed; },
        [this] { ++not_committed; });
  }
};

Result<Answer> answer(storage::UnitOfWork&) { return Answer{json::Value::object(), 200}; }
Result<Answer> refusal(storage::UnitOfWork&) {
  return fail(ErrorCode::kRejected, "no", "it is refused");
}

TEST_CASE("commands: what a job did beside the database is kept, or undone if it was refused",
          "[program][commands]") {
  Bench bench;
  CHECK(bench.run(answer));
  CHECK((bench.committed == 1 && bench.not_committed == 0));
  const auto refused = bench.run(refusal);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "no");
  CHECK((bench.committed == 1 && bench.not_committed == 1));
}

TEST_CASE("commands: a repetition is answered as the first time, and nothing is done or undone",
          "[program][commands]") {
  Bench bench;
  bench.request.headers.emplace("Idempotency-Key", "a key");
  REQUIRE(bench.run(answer));
  const auto again = bench.run(refusal);
  REQUIRE(again);
  CHECK(again->header("Idempotency-Replayed") == "true");
  CHECK((bench.committed == 1 && bench.not_committed == 0));
}

TEST_CASE("commands: what is done is witnessed once, what is refused or repeated is not",
          "[program][commands][audit]") {
  Bench bench;
  int asked = 0;
  std::string told;
  Commands commands(bench.executor, bench.writer,
                    [&](const runtime::HttpRequest& request, const runtime::Principal&) {
                      ++asked;
                      return
                          [&told, path = request.path](storage::UnitOfWork&, const Answer& answer) {
                            told += path + " " + std::to_string(answer.status) + "; ";
                          };
                    });
  bench.request.path = "/one";
  bench.request.headers.emplace("Idempotency-Key", "a key");
  REQUIRE(commands.run(bench.request, bench.principal, answer));
  REQUIRE(commands.run(bench.request, bench.principal, answer));
  bench.request.headers.clear();
  bench.request.path = "/two";
  CHECK_FALSE(commands.run(bench.request, bench.principal, refusal));
  CHECK(asked == 3);
  CHECK(told == "/one 200; ");
}

}  // namespace
}  // namespace cairn::program::commands_test
