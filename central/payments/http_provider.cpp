#include "central/payments/http_provider.h"

#include "central/payments/provider_message.h"
#include "core/runtime/http_client.h"
#include "core/runtime/worker_thread.h"

#include <functional>
#include <utility>

namespace cairn::central {
namespace {

constexpr std::size_t kQuestionsWaiting = 1'000;  // of one line; more are asked later

}  // namespace

/// A connection, and the thread that uses it.
class HttpProvider::Line {
 public:
  Line(runtime::HttpClient client, std::string secret)
      : client_(std::move(client)), secret_(std::move(secret)), thread_(kQuestionsWaiting) {}

  bool post(runtime::WorkerThread::Task task) { return thread_.post(std::move(task)); }

  /// On its own thread.
  domain::PaymentAnswered put(const ProviderQuestion& question) {
    const ProviderRequest request = provider_request(question);
    runtime::HeaderFields headers{{"Content-Type", "application/json"},
                                  {"Idempotency-Key", question.key}};
    if (!secret_.empty()) headers.emplace("Authorization", "Bearer " + secret_);
    const auto response = client_.send("POST", request.path, headers, request.body);
    if (!response) return no_answer(question.asked.no, response.error().message);
    return provider_answer(question, response->status, response->body);
  }

 private:
  runtime::HttpClient client_;
  const std::string secret_;
  runtime::WorkerThread thread_;  ///< last: it uses the others
};

Result<std::unique_ptr<HttpProvider>> HttpProvider::create(Env env, HttpProviderConfig config) {
  runtime::HttpClient::Options options;
  options.response_timeout = config.timeout;
  options.max_body = 64U << 10U;
  options.peer = "payment provider";
  // The constructor is private: make_unique cannot reach it.
  std::unique_ptr<HttpProvider> provider(new HttpProvider(env, std::move(config)));
  for (std::size_t each = 0; each < provider->config_.connections; ++each) {
    auto client = runtime::HttpClient::create(provider->config_.url, options);
    if (!client) return fail(client.error());
    provider->lines_.push_back(
        std::make_unique<Line>(*std::move(client), provider->config_.secret));
  }
  return provider;
}

HttpProvider::HttpProvider(Env env, HttpProviderConfig config)
    : env_(env), config_(std::move(config)) {}

HttpProvider::~HttpProvider() = default;

void HttpProvider::ask(const ProviderQuestion& question, Answered answered) {
  Line& line = *lines_.at(std::hash<PaymentId>{}(question.payment) % lines_.size());
  // Where the loop takes nothing more the answer is lost: whoever asked asks again.
  const auto tell = [&executor = env_.executor,
                     answered = std::move(answered)](const domain::PaymentAnswered& answer) {
    static_cast<void>(executor.post([answered, answer] { answered(answer); }));
  };
  if (line.post([&line, question, tell] { tell(line.put(question)); })) return;
  tell(no_answer(question.asked.no, "too many questions wait for the provider"));
}

}  // namespace cairn::central
