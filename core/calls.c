#include "twilio_calls.h"
