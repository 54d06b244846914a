#include "twilio_twiml.h"
