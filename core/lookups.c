#include "twilio_lookups.h"
