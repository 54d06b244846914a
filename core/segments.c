#include "twilio_segments.h"
