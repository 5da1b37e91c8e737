// Dates in words, as the place in the sentence needs them. DateInWords (describe.h) is the noun.
// All take EDTF, and give the text itself back where it does not parse.
#pragma once

#include <string>
#include <string_view>

namespace entente::domain {

// When something happens: "on 24 April 2021", "in March 2021", "on 24 or 25 April 2021",
// "between 5 May and the end of 2021", "on or about 24 April 2021", "possibly in 2021".
// With a last day: "from 3 to 5 February 2021".
std::string OnDateInWords(std::string_view edtf, std::string_view last_day = {});

// What something is set for: as DateInWords, but "a day between 5 May and the end of 2021".
std::string TargetDateInWords(std::string_view edtf, std::string_view last_day = {});

// Whether "two-plus-two of" can stand before it: not before "between …" or "… or later".
bool ReadsAfterOf(std::string_view edtf);

// A reported time: its day or period. Of a date-time the time of day is left out.
std::string ReportedInWords(std::string_view reported);

// A text with the days and months in it put into words: "held on 2021-04-24" -> "held on 24 April
// 2021". Ids that contain a date stay as they are.
std::string WithDatesInWords(std::string_view text);

// "every two years", "every 18 months", "every 14 days" of an ISO 8601 duration; the text itself
// where it does not parse.
std::string EveryInWords(std::string_view duration);

}  // namespace entente::domain
