// One query, read from the wire, that knows how it is answered.
#pragma once

#include <memory>

#include "bus/frame.h"
#include "values/error.h"
#include "values/position.h"
#include "views/answer.h"

namespace entente::query {

class Question {
 public:
  virtual ~Question() = default;
  // Answer only from views that hold this position.
  virtual Position at_least() const = 0;
  // The work may grow with the log: better not on a thread that others wait for.
  virtual bool takes_long() const = 0;
  // Several at once, each with a snapshot of its own.
  virtual Result<bus::Message> Answer(const views::AnswerContext& context,
                                      std::uint64_t correlation) const = 0;
};

// True for the request types that ReadQuestion reads.
bool IsQuestion(bus::MessageType::Value type);
// MESSAGE_MALFORMED.
Result<std::unique_ptr<Question>> ReadQuestion(const bus::Message& message);

}  // namespace entente::query
