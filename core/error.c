#include "twilio_error.h"
