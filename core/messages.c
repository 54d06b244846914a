#include "twilio_messages.h"
