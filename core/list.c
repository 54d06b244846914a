#include "twilio_list.h"
