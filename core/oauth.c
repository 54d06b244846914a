#include "twilio_oauth.h"
