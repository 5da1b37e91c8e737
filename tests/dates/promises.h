// What holds of every text that is read as a date, a reported time or a duration. Tests and the
// fuzzer check the same promises. Each function names the promise that `text` breaks; empty: none.
//
//   reason     a refusal has the right reason and gives the text back
//   column     a refusal names a column inside the text, or one behind it
//   bounds     earliest <= latest
//   padding    the padded bounds contain the strict ones
//   members    the alternatives lie inside the bounds and touch both of their ends
//   round      the text reads back to the same date, alone and as a set of one
//   clock      the time of day lies in the day; an instant comes with a time of day
//   calendar   going back by it stays in the calendar
#pragma once

#include <string>
#include <string_view>

namespace entente::domain {

std::string BrokenByDate(std::string_view text);
std::string BrokenByReportedTime(std::string_view text);
std::string BrokenByDuration(std::string_view text);

}  // namespace entente::domain
