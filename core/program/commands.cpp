#include "core/program/commands.h"

#include "core/crypto/hash.h"
#include "core/runtime/call.h"
#include "core/storage/command_table.h"

#include <optional>
#include <utility>

namespace cairn::program {
namespace {

constexpr Duration kDeadline = std::chrono::seconds(10);
constexpr Duration kRemembered = std::chrono::hours(48);
constexpr std::size_t kKeyMost = 128;

/// What goes back over HTTP; `repeated`: it was kept from the first time.
struct Reply {
  int status = 200;
  std::string body;
  bool repeated = false;
};

struct Key {
  Bytes command;  ///< of this user, for this kind of request
  Bytes request;  ///< what exactly was asked
};

Result<std::optional<Key>> key_of(const runtime::HttpRequest& request,
                                  const runtime::Principal& principal) {
  const auto given = request.header("Idempotency-Key");
  if (!given) return std::nullopt;
  if (given->empty() || given->size() > kKeyMost) {
    return fail(ErrorCode::kInvalid, "bad_idempotency_key",
                "an Idempotency-Key has 1 to 128 characters");
  }
  const Bytes user = principal.user.value().bytes();
  std::string query;
  for (const auto& [name, value] : request.query) {
    query.append(name).append("=").append(value).append("&");
  }
  // The body may hold a second person's PIN, which has six digits: hashed with the key, which is
  // stored nowhere, it cannot be tried out on a copy of the database.
  return Key{crypto::to_bytes(crypto::blake2b_128({user, request.method, " ", *given})),
             crypto::to_bytes(crypto::blake2b_128(
                 {*given, "\n", request.path, "?", query, "\n", request.body}))};
}

/// What was answered the first time; nothing: there was none.
Result<std::optional<Reply>> kept_reply(storage::UnitOfWork& work, const std::optional<Key>& key) {
  if (!key) return std::nullopt;
  const auto done = storage::find_command(work.connection(), key->command);
  if (!done) return std::nullopt;
  if (done->request_hash == key->request) return Reply{done->status, done->response, true};
  return fail(ErrorCode::kInvalid, "idempotency_key_reused",
              "this Idempotency-Key was used for another request; use a new one");
}

runtime::HttpResponse response_of(const Reply& reply) {
  runtime::HttpResponse response;
  response.status = reply.status;
  response.body = reply.body;
  if (reply.repeated) response.headers.emplace("Idempotency-Replayed", "true");
  return response;
}

Result<Reply> run_once(storage::UnitOfWork& work, const std::optional<Key>& key,
                       const Commands::Job& job, const Commands::Witness& witness,
                       std::optional<Answer>& fresh) {
  const auto before = kept_reply(work, key);
  if (!before) return fail(before.error());
  if (*before) return **before;
  auto answer = job(work);
  if (!answer) return fail(answer.error());
  Reply reply{answer->status, answer->body.dump(), false};
  fresh = *std::move(answer);
  if (witness) witness(work, *fresh);
  if (key) {
    const UtcTime now = work.now();
    const std::string kept = fresh->repeated_body ? fresh->repeated_body->dump() : reply.body;
    storage::save_command(work.connection(), key->command, {key->request, reply.status, kept}, now,
                          {now.us - kRemembered.count()});
  }
  return reply;
}

}  // namespace

Result<runtime::HttpResponse> Commands::run(const runtime::HttpRequest& request,
                                            const runtime::Principal& principal, Job job,
                                            Committed committed, NotCommitted not_committed) {
  const auto key = key_of(request, principal);
  if (!key) return fail(key.error());
  const auto reply = runtime::ask<Reply>(
      *executor_, kDeadline,
      [this, key = *key, job = std::move(job),
       witness = audit_ ? audit_(request, principal) : Witness(), committed = std::move(committed),
       not_committed = std::move(not_committed)](const runtime::Reply<Reply>& answer) {
        // shared: between the job and what follows its commit
        auto fresh = std::make_shared<std::optional<Answer>>();
        writer_->submit<Reply>(
            [key, job, witness, fresh](storage::UnitOfWork& work) {
              return run_once(work, key, job, witness, *fresh);
            },
            [answer, committed, not_committed, fresh](Result<Reply> done) {
              if (done && committed && *fresh) committed(**fresh);
              if (!done && not_committed) not_committed();
              answer.fulfil(std::move(done));
            });
      });
  if (!reply) return fail(reply.error());
  return response_of(*reply);
}

Result<std::optional<runtime::HttpResponse>> Commands::repeated(
    const runtime::HttpRequest& request, const runtime::Principal& principal) {
  const auto key = key_of(request, principal);
  if (!key) return fail(key.error());
  if (!*key) return std::nullopt;
  using Kept = std::optional<Reply>;
  const auto kept = runtime::ask<Kept>(
      *executor_, kDeadline, [this, key = *key](const runtime::Reply<Kept>& answer) {
        writer_->submit<Kept>([key](storage::UnitOfWork& work) { return kept_reply(work, key); },
                              [answer](Result<Kept> done) { answer.fulfil(std::move(done)); });
      });
  if (!kept) return fail(kept.error());
  if (!*kept) return std::nullopt;
  return response_of(**kept);
}

}  // namespace cairn::program
