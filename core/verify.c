#include "twilio_verify.h"
