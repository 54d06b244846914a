#include "twilio_trace.h"
