#include "cli/exit_code.h"

#include <array>

namespace entente::cli {
namespace {

constexpr std::array<ExitCodeMeaning, 8> kMeanings = {{
    {ExitCode::kDone, "done; nothing was refused"},
    {ExitCode::kRefused,
     "something was refused for what it says: an event, a question, a conflict"},
    {ExitCode::kUsage, "the command line is not one; `entente COMMAND --help` shows how"},
    {ExitCode::kUnreachable, "no service answered, or not now; the same command may succeed later"},
    {ExitCode::kNotFound, "there is no such meeting, subject or reason"},
    {ExitCode::kDamaged, "data is lost or damaged; do not append, see the message"},
    {ExitCode::kBlocked,
     "something has to be repaired or released first, such as a directory in use"},
    {ExitCode::kInternal, "a fault of the program; please report it with the message"},
}};

}  // namespace

std::span<const ExitCodeMeaning> ExitCodeMeanings() { return kMeanings; }

ExitCode ExitCodeOf(Code code) {
  switch (code) {
    case Code::kInvalidArgument:
    case Code::kAlreadyExists:
    case Code::kAborted:
    case Code::kPermissionDenied:
    case Code::kResourceExhausted:
      return ExitCode::kRefused;
    case Code::kUnavailable:
    case Code::kDeadlineExceeded:
      return ExitCode::kUnreachable;
    case Code::kNotFound:
      return ExitCode::kNotFound;
    case Code::kDataLoss:
      return ExitCode::kDamaged;
    case Code::kFailedPrecondition:
    case Code::kUnimplemented:
      return ExitCode::kBlocked;
    case Code::kInternal:
      return ExitCode::kInternal;
  }
  return ExitCode::kInternal;
}

}  // namespace entente::cli
